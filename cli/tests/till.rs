//! The till, typed and by JSON: worked baskets of the sample stall, slips, restarts, and the whole day.

#[path = "common/stall.rs"]
mod stall;

use serde_json::{Value, json};
use stall::Stall;

/// Makes the n-th id of a test.
fn id(n: u64) -> String {
    format!("00000000-0000-7000-8000-{n:012}")
}

/// Sends requests, one a line, and returns the answers.
fn machine(stall: &Stall, requests: &[Value]) -> Vec<Value> {
    let input: String = requests.iter().map(|request| format!("{request}\n")).collect();
    let told = stall.fed(&["till"], &input);
    assert!(told.ok, "{told:?}");
    told.json()
}

fn command(n: u64, command: Value) -> Value {
    json!({"id": id(n), "command": command})
}

#[test]
fn the_basket_of_the_pictures_comes_out() {
    let stall = Stall::sample();
    let told = stall.typed(&[
        "2801011012345",
        "2 FR-STRAWB",
        "off 1.00 2 two for 8.00",
        "DR-JUICEB",
        "LA-HONEY",
        "off 0.95 4 regular",
        "= 30",
        "receipt",
    ]);
    let told = told.ends(0, "Paid. Give 7.69 back.").ends(0, "TOTAL  22.31 EUR");
    assert!(told.out.contains("1.234 kg"), "{}", told.out);
    let receipt = stall.run(&["receipt", "A-1", "--json"]).ends(0, "A-1");
    let sale = &receipt.json()[0]["sale"];
    assert_eq!(sale["total_minor"], 2231);
    let taxes: Vec<(i64, &str)> = sale["taxes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tax| {
            (
                tax["amount_minor"].as_i64().unwrap(),
                tax["group"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(taxes, [(126, "reduced"), (49, "standard")]);
    assert_eq!(sale["payments"][0]["change_minor"], 769);
}

#[test]
fn olives_and_cheese_are_rounded_in_finnish_cash() {
    let stall = Stall::empty();
    stall
        .run(&["init", "--name", "Tori", "--country", "FI"])
        .ends(0, "Tori is ready");
    let goods = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/till/data/sample-stall.csv");
    stall.run(&["import", "items", goods]).ends(0, "60 new");
    let told = stall.typed(&["420g olives", "0,286*LA-CHEESE", "=", "= exact"]);
    let told = told.ends(0, "TOTAL  16.17 EUR").ends(0, "in cash");
    assert!(told.out.contains("16.15"), "{}", told.out);
}

#[test]
fn cups_come_back_and_money_goes_to_the_customer() {
    let stall = Stall::sample();
    stall
        .typed(&["2 DR-PILS", "-3 DP-CUP", "= 10"])
        .ends(0, "Give 1.40 back")
        .ends(0, "From 16 years on");
    stall
        .typed(&["-4 cup deposit", "= 5", "= exact"])
        .ends(0, "with = exact")
        .ends(0, "Give 4.00 back");
}

#[test]
fn a_slip_gets_a_sentence_and_the_sale_goes_on() {
    let stall = Stall::sample();
    let told = stall.typed(&[
        "= 5",
        "x 1",
        "undo",
        "no such thing",
        "99999999",
        "q 1",
        "refund A-99",
        "refund 17",
        "receipt",
        "resume 3",
        "fix A-1 card",
        "0 LA-CROISS",
        "999999999999 LA-CROISS",
        "croissant",
        "q 1 0",
        "% 200",
        "off 5 7",
        "= gold",
        "= -3",
        "= 1.999",
        "= exact",
    ]);
    let told = told.ends(0, "Paid.");
    for says in [
        "cart is empty",
        "nothing to take back",
        "Nothing here is called",
        "No item has the code",
        "no receipt A-99",
        "like A-17",
    ] {
        assert!(told.out.contains(says), "wanted {says:?} in:\n{}", told.out);
    }
    assert!(
        told.out.contains("This shop takes: cash, card, voucher"),
        "{}",
        told.out
    );
    stall.run(&["verify"]).ends(0, "as it must be");
}

#[test]
fn lines_are_chosen_weighed_priced_changed_and_taken_back() {
    let stall = Stall::sample();
    let told = stall.typed(&[
        "elstar",
        "1,5",
        "any",
        "2.50",
        "book @3.50",
        "juice",
        "1",
        "q 4 3",
        "undo",
        "x 2",
        "undo",
        "% 10",
    ]);
    assert!(
        told.out.contains("how many kg?") && told.out.contains("What does Any amount cost?"),
        "{}",
        told.out
    );
    // 5.24 apples + 2.50 + 3.50 + one juice with its deposit.
    let next = stall.typed(&["", "% 0", "= exact"]).ends(0, "Paid.");
    assert!(
        next.out.contains("An open cart is as you left it"),
        "{}",
        next.out
    );
    let sale = &stall.run(&["receipt", "--json"]).json()[0]["sale"];
    assert_eq!(sale["lines"].as_array().unwrap().len(), 5);
    assert_eq!(sale["lines"][0]["total_minor"], 524);
    assert_eq!(sale["lines"][3]["quantity"], "1");
}

#[test]
fn carts_wait_and_survive_a_restart() {
    let stall = Stall::sample();
    stall
        .typed(&["2 croissant", "park Anna", "LA-ROLL"])
        .ends(0, "Put aside as Anna");
    let told = stall.typed(&[
        "carts", "resume 1", "= exact", "resume 1", "= card 1", "x 1", "= card",
    ]);
    assert!(
        told.out.contains("Carts put aside: 1") && told.out.contains("Anna"),
        "{}",
        told.out
    );
    assert!(told.out.contains("1.00 taken. 2.90 left to pay."), "{}", told.out);
    assert!(told.out.contains("Money was paid on this cart"), "{}", told.out);
    let takings = stall
        .run(&["report", "--by", "tender"])
        .ends(0, "2 sales, 7.70 EUR");
    assert!(takings.out.contains("Card terminal"), "{}", takings.out);
}

#[test]
fn a_day_by_typing_ends_with_a_z() {
    let stall = Stall::sample();
    let told = stall.typed(&[
        "open 100",
        "2 FR-STRAWB",
        "= 10",
        "refund A-1 1 1",
        "= exact",
        "LA-HONEY",
        "= card",
        "fix A-3 cash",
        "payin 20 change from the bank",
        "payout 15 pitch fee",
        "drop 50",
        "count LA-CROISS 66",
        "waste FR-STRAWB 2 mouldy",
        "stock strawb",
        "x",
        "today",
        // 100 + 9.00 - 4.50 + 7.90 + 20 - 15 - 50
        "z 67.30 wet coins",
    ]);
    let told = told.ends(0, "0.10 less in the box than expected");
    assert!(
        told.out.contains("A-3: 7.90 is Cash now, not Card terminal"),
        "{}",
        told.out
    );
    assert!(
        told.out.contains("70 counted") || told.out.contains("66 counted, 70 were expected"),
        "{}",
        told.out
    );
    assert!(told.out.contains("Give 4.50 back"), "{}", told.out);
    stall.run(&["stock"]).ends(0, "77");
    stall
        .run(&["verify", "--all-signatures"])
        .ends(0, "as it must be");
}

#[test]
fn a_machine_sells_from_open_to_z() {
    let stall = Stall::sample();
    let cart = id(100);
    let answers = machine(
        &stall,
        &[
            command(
                1,
                json!({"open_shift": {"float": {"amount_minor": 10000, "pieces": []}}}),
            ),
            command(
                2,
                json!({"add_lines": {"cart": cart, "lines": [{"item": {"sku": "LA-CROISS"}, "quantity": "2"}]}}),
            ),
            command(3, json!({"scan": {"cart": cart, "code": "2801011012345"}})),
            json!({"query": {"cart": {"cart": cart}}}),
            json!({"flush": {}}),
            command(
                4,
                json!({"tender": {"cart": cart, "tender": "00000000-0000-0000-0000-000000000001", "given_minor": 1000}}),
            ),
            command(
                4,
                json!({"tender": {"cart": cart, "tender": "00000000-0000-0000-0000-000000000001", "given_minor": 1000}}),
            ),
            json!({"query": {"sale": {"number": "A-1"}}}),
            json!({"query": {"shift": {}}}),
            json!({"query": {"stock": {"limit": 3}}}),
            json!({"query": {"search": {"words": "croiss"}}}),
            json!({"query": {"changes": {"since": 0}}}),
            command(
                5,
                json!({"close_shift": {"counted": {"amount_minor": 10811, "pieces": []}}}),
            ),
        ],
    );
    assert_eq!(
        answers[2]["outcome"]["view"]["cart"]["totals"]["total_minor"],
        811
    );
    assert_eq!(answers[3]["result"]["cart"]["line_count"], 2);
    assert_eq!(answers[4], json!({"flushed": true}));
    assert_eq!(answers[5]["outcome"]["durable"], true);
    assert_eq!(
        answers[5]["outcome"]["view"]["sale"]["payments"][0]["change_minor"],
        189
    );
    assert_eq!(answers[6], answers[5], "a retry is the same sale");
    assert_eq!(answers[7]["result"]["sale"]["total_minor"], 811);
    assert_eq!(answers[8]["result"]["shift"]["totals"]["sales"], 1);
    assert_eq!(
        answers[9]["result"]["stock"]["levels"].as_array().unwrap().len(),
        3
    );
    assert_eq!(
        answers[10]["result"]["search"]["items"][0]["face"]["sku"],
        "LA-CROISS"
    );
    assert!(answers[11]["result"]["changes"]["revision"].as_u64().unwrap() > 3);
    assert_eq!(
        answers[12]["outcome"]["view"]["closed"]["difference_minor"], 0,
        "{}",
        answers[12]
    );
}

#[test]
fn a_machine_is_told_what_is_wrong_and_goes_on() {
    let stall = Stall::sample();
    let cart = id(100);
    let long = "x".repeat(2_000);
    let cash = "00000000-0000-0000-0000-000000000001";
    let bad = [
        (json!({"command": {"resume": {"cart": cart}}}), "id is missing"),
        (
            json!({"id": "seven", "command": {"resume": {"cart": cart}}}),
            "id",
        ),
        (json!({"id": id(1)}), "exactly one"),
        (json!({"id": id(2), "command": {"steal": {}}}), "steal"),
        (json!({"nonsense": 1}), "nonsense"),
        (command(3, json!({"resume": {"cart": cart}})), "cart"),
        (
            command(4, json!({"tender": {"cart": cart, "tender": cash}})),
            "cart",
        ),
        (
            command(
                5,
                json!({"add_lines": {"cart": cart, "lines": [{"item": {"sku": "NOPE"}}]}}),
            ),
            "NOPE",
        ),
        (
            command(
                6,
                json!({"add_lines": {"cart": cart, "lines": [{"item": {"sku": "LA-ROLL"}, "quantity": "0"}]}}),
            ),
            "zero",
        ),
        (
            command(
                7,
                json!({"add_lines": {"cart": cart, "lines": [{"item": {"sku": "LA-ROLL"}, "quantity": "9999999999"}]}}),
            ),
            "quantity",
        ),
        (
            command(
                8,
                json!({"add_lines": {"cart": cart, "lines": [{"item": {"sku": "LA-ROLL"}, "quantity": 1.5}]}}),
            ),
            "quantity",
        ),
        (
            command(9, json!({"add_lines": {"cart": cart, "lines": []}})),
            "lines",
        ),
        (command(10, json!({"scan": {"cart": cart, "code": long}})), "code"),
        (
            command(11, json!({"pay_in": {"amount_minor": -5, "reason": "x"}})),
            "amount_minor",
        ),
        (
            command(
                12,
                json!({"pay_out": {"amount_minor": 9_000_000_000_000_000_000_i64, "reason": "x"}}),
            ),
            "amount_minor",
        ),
        (
            command(13, json!({"pay_out": {"amount_minor": 5, "reason": long}})),
            "reason",
        ),
        (
            command(
                14,
                json!({"close_shift": {"counted": {"amount_minor": 0, "pieces": []}}}),
            ),
            "shift",
        ),
        (
            command(
                15,
                json!({"correct_tender": {"sale": cart, "payment": cart, "tender": cash, "reason": "x"}}),
            ),
            "sale",
        ),
        (json!({"query": {"sale": {"number": "17"}}}), "like A-17"),
        (json!({"query": {"item": {}}}), "item"),
    ];
    let input: String = bad.iter().map(|(request, _)| format!("{request}\n")).collect();
    let told = stall.fed(&["till"], &format!("{{\n{input}\n  \nnull\n"));
    let answers = told.json();
    assert_eq!(answers.len(), bad.len() + 2);
    assert_eq!(answers[0]["error"]["kind"], "bad_request");
    for ((request, says), answer) in bad.iter().zip(&answers[1..]) {
        let message = answer["error"]["message"]
            .as_str()
            .unwrap_or_else(|| panic!("{request} got {answer}"));
        assert!(message.contains(says), "{request} got {message}");
    }
    // Nothing of it left a trace, and the till still sells.
    let good = machine(
        &stall,
        &[
            command(
                20,
                json!({"add_lines": {"cart": cart, "lines": [{"item": {"sku": "LA-ROLL"}}]}}),
            ),
            command(21, json!({"tender": {"cart": cart, "tender": cash}})),
            command(
                22,
                json!({"add_lines": {"cart": cart, "lines": [{"item": {"sku": "LA-ROLL"}}]}}),
            ),
            json!({"query": {"carts": {}}}),
        ],
    );
    assert_eq!(
        good[1]["outcome"]["view"]["sale"]["number"],
        json!({"series": "A", "number": 1})
    );
    assert!(
        good[2]["error"]["message"].as_str().unwrap().contains("closed"),
        "{}",
        good[2]
    );
    assert_eq!(good[3]["result"]["carts"]["carts"], json!([]));
    stall.run(&["verify"]).ends(0, "as it must be");
}
