//! What is honest, to begin from.

/// Returns every example of bytes that the protocol's documents give.
pub(crate) fn protocol() -> Vec<Vec<u8>> {
    let documents = [
        include_str!("../../../docs/protocol/vectors.json"),
        include_str!("../../../core/log/tests/vectors.json"),
    ];
    let mut found = Vec::new();
    for document in documents {
        gather(&serde_json::from_str(document).unwrap(), &mut found);
    }
    found
}

/// Gathers every text that is bytes in hexadecimal.
fn gather(value: &serde_json::Value, found: &mut Vec<Vec<u8>>) {
    match value {
        serde_json::Value::String(text) => found.extend(bytes(text)),
        serde_json::Value::Array(values) => values.iter().for_each(|value| gather(value, found)),
        serde_json::Value::Object(values) => values.values().for_each(|value| gather(value, found)),
        _ => {}
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs
        .map(byte)
        .collect::<Option<Vec<u8>>>()
        .filter(|bytes| bytes.len() > 4)
}

/// Turns texts into bytes.
pub(crate) fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[test]
fn the_protocol_gives_headers_messages_and_policy() {
    let found = protocol();
    let headers = found
        .iter()
        .filter(|bytes| barrow_log::header::Header::from_bytes(bytes).is_ok());
    let messages = found
        .iter()
        .filter(|bytes| matches!(barrow_sync::message::Message::from_bytes(bytes), Ok((_, Some(_)))));
    let policy = found
        .iter()
        .filter(|bytes| barrow_log::policy::decode_events(bytes).is_ok_and(|events| !events.is_empty()));
    assert!(headers.count() >= 2 && messages.count() >= 8 && policy.count() >= 1);
}
