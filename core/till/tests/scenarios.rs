//! Runs the stories of `tests/scenarios` through a till: one test for each file. What a file may hold is told in the
//! README beside them.
#![allow(clippy::unwrap_used)]

#[path = "scenarios/compare.rs"]
mod compare;
#[path = "scenarios/device.rs"]
mod device;
#[path = "scenarios/names.rs"]
mod names;
#[path = "scenarios/schema.rs"]
mod schema;
#[path = "scenarios/story.rs"]
mod story;

use barrow_kernel::command::Command;
use barrow_log::id::CommandId;
use barrow_till::Till;
use barrow_till::error::TillError;
use barrow_till::outcome::Outcome;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of the stories.
const STORIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/scenarios");
/// The schema that lies among them.
const SCHEMA: &str = "scenario.schema.json";

/// Makes a test of each story, and their list.
macro_rules! stories {
    ($($name:ident,)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            fn $name() {
                run(stringify!($name));
            }
        )*
    };
}

stories! {
    a_cart_keeps_its_terms,
    a_country_without_a_pack,
    a_shift_belongs_to_a_cash_box,
    absurd_amounts,
    adjustments_of_the_ledger,
    amount_of_a_price_computing_scale,
    another_currency_than_the_countrys,
    archived_items,
    barcodes_gs1,
    barcodes_of_goods,
    card_is_never_rounded,
    cart_percent_is_hit_exactly,
    cash_exact_on_request,
    cash_rounding_ch_split_card,
    cash_rounding_ch_what_is_handed_over,
    cash_rounding_dk,
    cash_rounding_fi_golden_e,
    cash_rounding_kw_three_digits,
    cash_rounding_never_to_zero,
    cash_rounding_nz,
    cash_rounding_se,
    cash_with_change,
    closed_carts,
    closed_carts_after_a_restart,
    codes_and_skus_are_unique,
    crash_loses_only_taps,
    custom_tenders,
    damaged_goods_come_back,
    deposit_follows_its_bottle,
    deposit_only_return,
    deposit_returns_are_limited,
    deposits_out_and_back,
    discount_stops_at_zero,
    discounts_on_line_and_cart,
    eat_in_or_take_away,
    exchange,
    exempt_customer_and_reverse_charge,
    gift_card_is_a_liability,
    golden_a_offers_as_discounts,
    golden_d_gifts,
    golden_f_reference_basket,
    haggle_with_reason,
    japan_fractions_are_dropped,
    japan_one_rounding_per_rate,
    labels_with_price_or_count,
    merge_equal_lines,
    newer_price_is_offered,
    notes_reach_the_receipt,
    open_carts_do_not_block_the_close,
    open_price_and_department,
    overpaid_and_underpaid,
    oversell_asks,
    oversell_is_refused,
    oversell_warns,
    park_and_resume,
    part_payment_given_back,
    part_payment_given_back_tomorrow,
    part_payments,
    pay_in_opens_the_shift,
    percents_one_after_the_other,
    price_per_100_g,
    receipt_numbers_across_restarts,
    refund_brings_deposits_back,
    refund_in_parts,
    refund_of_a_discounted_sale,
    refund_of_a_weight,
    refund_twice_is_refused,
    restart_with_open_carts,
    rounding_half_away,
    rounding_half_to_even,
    scale_labels_de,
    shift_from_float_to_z,
    stock_movements_and_counts,
    tax_change_reaches_open_carts_on_request,
    tax_division_and_group,
    tax_exempt_and_zero_rated,
    tax_fixed_levy,
    tax_inside_is_total_less_tax,
    tax_mixed_rates,
    tax_on_top_per_document,
    tax_per_line,
    tender_correction,
    texts_that_are_too_long,
    the_same_id_again,
    unknown_code,
    unlinked_refund_needs_approval,
    void_leaves_an_audit_entry,
    weighed_net_of_tare,
    wrong_ids,
    zero_total,
}

/// Sends commands as they are.
struct Direct;

impl device::Teller for Direct {
    fn send(&self, till: &Arc<Till>, id: CommandId, command: Command) -> Result<Outcome, TillError> {
        till.submit(id, command)?.wait()
    }
}

fn run(name: &str) {
    let text = std::fs::read_to_string(Path::new(STORIES).join(format!("{name}.json"))).unwrap();
    let faults = story::run(&text, Box::new(Direct));
    assert!(faults.is_empty(), "{name}.json:\n  {}", faults.join("\n  "));
}

fn files() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(STORIES)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let is_story =
        |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json") && !path.ends_with(SCHEMA);
    let mut files: Vec<PathBuf> = entries.filter(is_story).collect();
    files.sort();
    files
}

#[test]
fn every_story_of_the_folder_runs() {
    let files = files();
    let found: BTreeSet<&str> = files
        .iter()
        .filter_map(|path| path.file_stem()?.to_str())
        .collect();
    let listed: BTreeSet<&str> = NAMES.iter().copied().collect();
    assert_eq!(
        found, listed,
        "files of the folder and names in stories! must be the same"
    );
    println!("{} stories", listed.len());
}

#[test]
fn stories_keep_the_schema() {
    let read =
        |path: &Path| -> Value { serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
    let schema = read(&Path::new(STORIES).join(SCHEMA));
    let (mut faults, mut names) = (Vec::new(), BTreeSet::new());
    for path in files() {
        let story = read(&path);
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        schema::check(&schema, &story, &file, &mut faults);
        if !names.insert(story["name"].to_string()) {
            faults.push(format!("{file} has the name of another story"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
