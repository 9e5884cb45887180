//! What a hub shows over HTTP: that it is well, its figures, and one page. It only reads.
//!
//! On loopback anybody on this machine may look; anywhere else only who has the token that the hub shows at its start.

use crate::hub::Hub;
use crate::report::Report;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use barrow_store::StoreError;
use futures_util::{Stream, stream};
use serde_json::json;
use std::convert::Infallible;
use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Sends live figures at most so often: a person sees no faster, and a busy hub has other work.
const LIVE: Duration = Duration::from_millis(500);
/// The most pages that are open at once.
const PAGES_MAX: usize = 16;
/// The status page. It loads nothing from elsewhere.
const PAGE: &str = include_str!("status.html");
/// What the page may do: show itself and ask this hub.
const PAGE_RULES: &str =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";

/// What every answer needs.
#[derive(Clone)]
struct Shown {
    hub: Arc<Hub>,
    /// Who may look: anybody by a name of this machine itself, or whoever has the token.
    token: Option<Arc<str>>,
    pages: Arc<Semaphore>,
}

/// Serves until the hub stops. Without a token the address must be loopback.
///
/// # Errors
/// When the address is taken.
pub async fn serve(hub: Arc<Hub>, listener: TcpListener, token: Option<String>) -> std::io::Result<()> {
    let shown = Shown {
        hub,
        token: token.map(Into::into),
        pages: Arc::new(Semaphore::new(PAGES_MAX)),
    };
    axum::serve(listener, router(shown)).await
}

/// Tells whether whoever reaches this address is on this machine.
pub fn is_private(address: &SocketAddr) -> bool {
    address.ip().is_loopback()
}

fn router(shown: Shown) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/metrics", get(metrics))
        .route("/api/shops", get(shops))
        .route("/api/live", get(live))
        .layer(from_fn_with_state(shown.clone(), guard))
        .route("/health", get(health))
        .fallback(|| async { problem(StatusCode::NOT_FOUND, "There is nothing here.") })
        .with_state(shown)
}

/// Says what went wrong, as RFC 9457 has it.
fn problem(status: StatusCode, detail: &str) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "detail": detail,
    });
    let kind = HeaderValue::from_static("application/problem+json");
    (status, [(CONTENT_TYPE, kind)], body.to_string()).into_response()
}

/// Lets in who may look.
async fn guard(State(shown): State<Shown>, request: Request, next: Next) -> Response {
    let allowed = match &shown.token {
        Some(token) => offered(&request).is_some_and(|offered| same(offered.as_bytes(), token.as_bytes())),
        None => names_this_machine(&request),
    };
    if !allowed {
        let why =
            "Give the token that the hub showed when it started: ?token=... or Authorization: Bearer ...";
        return problem(StatusCode::UNAUTHORIZED, why);
    }
    let mut answer = next.run(request).await;
    answer
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

fn offered(request: &Request) -> Option<String> {
    let header = request.headers().get(AUTHORIZATION);
    let bearer = header.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let mut words = request.uri().query().unwrap_or_default().split('&');
    let query = words.find_map(|word| word.strip_prefix("token="));
    bearer.or(query).map(str::to_owned)
}

/// Tells whether a browser asked this machine by one of its own names: a page from elsewhere that had its name point
/// here asks by that name.
fn names_this_machine(request: &Request) -> bool {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let Some(host) = host else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let number = name
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    name == "localhost" || number.is_ok_and(|number| number.is_loopback())
}

/// Compares in a time that does not tell where two texts differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    let differs = one.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b));
    one.len() == other.len() && differs == 0
}

async fn page() -> Response {
    let rules = HeaderValue::from_static(PAGE_RULES);
    ([(CONTENT_SECURITY_POLICY, rules)], Html(PAGE)).into_response()
}

async fn health(State(shown): State<Shown>) -> Response {
    let shops = shown.hub.organisations();
    match shops.values().find(|shop| !shop.work().borrow().well) {
        None => axum::Json(json!({ "status": "ok", "shops": shops.len() })).into_response(),
        Some(_) => problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "The hub's disk does not take what tills send. Free space on it or check it, then start the hub again.",
        ),
    }
}

/// Reads all reports on a thread that may wait for the disk.
async fn reports(hub: &Arc<Hub>) -> Result<Vec<Report>, StoreError> {
    let shops = hub.organisations();
    let read = tokio::task::spawn_blocking(move || shops.values().map(|shop| shop.report()).collect());
    read.await
        .unwrap_or_else(|_| Err(StoreError::corrupt("a report")))
}

async fn shops(State(shown): State<Shown>) -> Response {
    match reports(&shown.hub).await {
        Ok(reports) => axum::Json(reports).into_response(),
        Err(fault) => problem(StatusCode::INTERNAL_SERVER_ERROR, &fault.to_string()),
    }
}

async fn live(State(shown): State<Shown>) -> Response {
    let Ok(place) = Arc::clone(&shown.pages).try_acquire_owned() else {
        return problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many pages are open. Close one.",
        );
    };
    let live = stream::unfold((shown.hub, None, place), |(hub, last, place)| async move {
        loop {
            if last.is_some() {
                tokio::time::sleep(LIVE).await;
            }
            let text = serde_json::to_string(&reports(&hub).await.ok()?).ok()?;
            if last.as_ref() != Some(&text) {
                let event = Ok::<_, Infallible>(Event::default().event("shops").data(&text));
                return Some((event, (hub, Some(text), place)));
            }
        }
    });
    sse(live)
}

fn sse(live: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    Sse::new(live).keep_alive(KeepAlive::default()).into_response()
}

/// Tells the figures as Prometheus reads them.
async fn metrics(State(shown): State<Shown>) -> Response {
    let mut text = String::new();
    let kinds = [
        ("barrow_hub_up", "gauge", "Is 1 while the hub runs."),
        ("barrow_hub_links", "gauge", "Links of devices."),
        ("barrow_hub_ops", "counter", "Ops that are durable."),
        (
            "barrow_hub_acknowledged_total",
            "counter",
            "Ops that sessions brought since the start.",
        ),
        (
            "barrow_hub_folded_total",
            "counter",
            "Ops folded since the start.",
        ),
        ("barrow_hub_commits_total", "counter", "Commits since the start."),
        (
            "barrow_hub_well",
            "gauge",
            "Is 0 when the disk takes nothing more.",
        ),
    ];
    let shops = shown.hub.organisations();
    for (name, kind, help) in kinds {
        // Writing to a text can't fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        if name == "barrow_hub_up" {
            let _ = writeln!(text, "{name} 1");
            continue;
        }
        for (id, shop) in &shops {
            let work = *shop.work().borrow();
            let value = match name {
                "barrow_hub_links" => shop.present().values().map(|here| here.links as u64).sum(),
                "barrow_hub_ops" => shop.durable().vector.0.values().map(|head| head.seq).sum(),
                "barrow_hub_acknowledged_total" => work.acknowledged,
                "barrow_hub_folded_total" => work.folded,
                "barrow_hub_commits_total" => work.commits,
                _ => u64::from(work.well),
            };
            let _ = writeln!(text, "{name}{{shop=\"{}\"}} {value}", crate::journal::short(id));
        }
    }
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(CONTENT_TYPE, kind)], text).into_response()
}
