//! Generates Kotlin and Python from the library of the boundary: `barrow-bindgen generate LIBRARY --language kotlin
//! --out-dir DIR`. It stands apart so that the library itself never carries the generator.

fn main() {
    uniffi::uniffi_bindgen_main();
}
