//! How the radio begins on Android: btleplug finds its Java classes by the class loader of the application, so a
//! thread of the application has to call in once, before anything else asks for the radio.

use jni::objects::JClass;
use jni::sys::jboolean;
use jni::{EnvUnowned, Outcome};
use std::sync::atomic::{AtomicBool, Ordering};

static BEGUN: AtomicBool = AtomicBool::new(false);

/// Tells whether the radio was begun; btleplug may not be asked for it before.
pub(super) fn begun() -> bool {
    BEGUN.load(Ordering::Acquire)
}

/// Begins the radio for `app.barrow.till.Radio.begin`; false when the phone's Bluetooth can't be used at all.
///
/// It may be called again. Nothing is sent, and no permission is needed yet.
#[expect(
    unsafe_code,
    reason = "Java finds the function by its name, which no other function has"
)]
#[unsafe(no_mangle)]
pub extern "system" fn Java_app_barrow_till_Radio_begin<'a>(
    mut java: EnvUnowned<'a>,
    _: JClass<'a>,
) -> jboolean {
    let outcome = java.with_env(btleplug::platform::init).into_outcome();
    if matches!(outcome, Outcome::Ok(())) {
        BEGUN.store(true, Ordering::Release);
    }
    begun()
}
