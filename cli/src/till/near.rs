//! `barrow till hub`, `invite`, `join` and `sync`: this till and the shop's other devices.

use crate::Frame;
use crate::output::{Exit, Failure, unwritten};
use crate::place;
use crate::shop::Shop;
use barrow_log::policy::Capability;
use barrow_store::Options;
use barrow_till::net::{Asking, Net, NetOptions, join};
use barrow_till::spread::SpreadView;
use serde_json::json;
use std::io::{BufRead, Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

/// What a till that is let in may do: sell, take back what a receipt shows, and everything that a market day needs.
const SELLER: [Capability; 5] = [
    Capability::Sell,
    Capability::Refund,
    Capability::Stock,
    Capability::Shift,
    Capability::Discount,
];
/// Limits a typed answer.
const ANSWER_BYTES: u64 = 4 << 10;
/// How long an invitation is waited for: as long as it lasts.
const ASKED: Duration = Duration::from_secs(10 * 60);
/// Looks so often whether everything arrived.
const LOOK: Duration = Duration::from_millis(100);

/// How this till meets others.
#[derive(clap::Args)]
pub struct Near {
    /// Host the market: other tills of the shop dial this one
    #[arg(long, value_name = "ADDR", num_args = 0..=1, default_missing_value = "[::]:7117")]
    host_lan: Option<SocketAddr>,
    /// Find tills of the shop near by, and be found when hosting
    #[arg(long)]
    near_by: bool,
    /// Dial a till of the shop here, where nothing is found by itself; may be given again
    #[arg(long, value_name = "HOST:PORT")]
    peer: Vec<String>,
}

#[derive(clap::Subcommand)]
pub enum Action {
    /// Make a hub the shop's, by the code that it shows when it starts
    Hub {
        /// The code, from BARROW-HUB: on
        code: String,
    },
    /// Let a new device be one of the shop's tills: shows a code for its `barrow till join`
    Invite {
        #[command(flatten)]
        near: Near,
    },
    /// Make this device a till of a shop, by the code that the owner's till shows
    Join {
        /// The code, from BARROW-JOIN: on
        code: String,
        /// This till's name
        #[arg(long, default_value = "Till")]
        name: String,
    },
    /// Wait until everything arrived, and tell how much did
    Sync {
        #[command(flatten)]
        near: Near,
        /// Give up after so many seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 60)]
        wait: u64,
    },
}

impl Near {
    /// Starts the network of a till, if anything asks for it: these options, or a hub of record.
    ///
    /// # Errors
    /// When the address to host at is taken.
    pub fn start(&self, shop: &Shop) -> Result<Option<Net>, Failure> {
        let wanted = self.host_lan.is_some() || self.near_by || !self.peer.is_empty();
        let hub = shop.till().durable().borrow().policy.hub_of_record().is_some();
        match wanted || hub {
            true => self.net(shop).map(Some),
            false => Ok(None),
        }
    }

    fn net(&self, shop: &Shop) -> Result<Net, Failure> {
        let options = NetOptions {
            host: self.host_lan,
            near_by: self.near_by,
            peers: self.peer.clone(),
        };
        Ok(Net::start(shop.shared_till(), options)?)
    }
}

/// Carries an action out.
///
/// # Errors
/// What the other device or the network refuses, in words.
pub fn run(action: &Action, frame: &Frame) -> Result<Exit, Failure> {
    match action {
        Action::Hub { code } => hub(code, frame),
        Action::Invite { near } => invite(near, frame),
        Action::Join { code, name } => joining(code, name, frame),
        Action::Sync { near, wait } => sync(near, *wait, frame),
    }
}

fn nobody() -> Near {
    Near {
        host_lan: None,
        near_by: false,
        peer: Vec::new(),
    }
}

fn hub(code: &str, frame: &Frame) -> Result<Exit, Failure> {
    let shop = place::open(frame)?;
    let net = nobody().net(&shop)?;
    net.name_hub(code)?;
    let view = shop.till().spread()?;
    frame.output.answer(&view, || {
        let at = view.hub.as_ref().map_or("", |hub| &hub.address);
        format!("The hub at {at} is the shop's now. Tills send it everything from here on: barrow till, or barrow till sync\n")
    })?;
    Ok(Exit::Done)
}

fn invite(near: &Near, frame: &Frame) -> Result<Exit, Failure> {
    let shop = place::open(frame)?;
    let net = near.net(&shop)?;
    let invited = net.invite(SELLER.into())?;
    frame.output.answer(&invited, || {
        format!(
            "On the new device, within ten minutes:\n  barrow till join {}\nWaiting for it ...\n",
            invited.code
        )
    })?;
    let nobody_came = || {
        Failure::new(
            Exit::NotFound,
            "Nobody came within ten minutes. Nothing was changed.",
        )
    };
    let asking = net.asking(ASKED).ok_or_else(nobody_came)?;
    frame.output.answer(&asking, || question(&asking))?;
    std::io::stdout().flush().map_err(unwritten)?;
    let let_in = answer()?;
    net.decide(let_in)?;
    if !let_in {
        return Err(Failure::invalid(
            "The device was not let in. Nothing was changed.",
        ));
    }
    let here = || {
        let tills = shop.till().spread().map(|view| view.tills);
        tills.is_ok_and(|tills| tills.iter().any(|till| till.name == asking.name && till.linked))
    };
    frame.output.answer(&json!({ "let_in": asking.name }), || {
        format!(
            "{} is one of the shop's tills. Keep this open until it has the goods.\n",
            asking.name
        )
    })?;
    settle(&net, &here);
    Ok(Exit::Done)
}

/// Waits until what the new device needs is where it fetches it: with the hub, or at the device itself.
fn settle(net: &Net, came: &dyn Fn() -> bool) {
    let mut seen = false;
    for _ in 0..600 {
        let Ok(view) = net.till().spread() else { return };
        let hosted = net.listening().is_some();
        let linked = came();
        // A device that was here and left has what it came for.
        if (hosted && seen && !linked)
            || (!hosted && view.hub.is_some_and(|hub| hub.linked) && view.to_send == 0)
        {
            return;
        }
        seen |= linked;
        std::thread::sleep(LOOK);
    }
}

fn question(asking: &Asking) -> String {
    format!(
        "\"{}\" asks to be let in. Its screen must show these six digits:\n  {}\nDoes it? Type yes or no: ",
        asking.name, asking.digits
    )
}

fn answer() -> Result<bool, Failure> {
    let mut line = String::new();
    let unread = |fault: std::io::Error| Failure::invalid(format!("The answer can't be read: {fault}."));
    std::io::stdin()
        .lock()
        .take(ANSWER_BYTES)
        .read_line(&mut line)
        .map_err(unread)?;
    Ok(line.trim().eq_ignore_ascii_case("yes"))
}

fn joining(code: &str, name: &str, frame: &Frame) -> Result<Exit, Failure> {
    if place::holds_shop(&frame.folder) && place::open(frame).is_ok() {
        let place = frame.folder.display();
        return Err(Failure::invalid(format!(
            "There is a till in {place} already; nothing was changed."
        )));
    }
    let mut told = Ok(());
    let joined =
        join(
            &frame.folder,
            &place::ports(),
            code,
            name,
            &Options::default(),
            &mut |digits| {
                told = frame
            .output
            .answer(&json!({ "digits": digits }), || {
                format!("The owner's till must show these six digits, and its owner say yes:\n  {digits}\n")
            })
            .and_then(|()| std::io::stdout().flush().map_err(unwritten));
            },
        );
    joined?;
    told?;
    let shop = place::open(frame)?;
    let till = shop.till().installation().till.clone();
    let name = shop.settings()?.name.clone();
    frame.output.answer(&json!({ "shop": name, "till": till }), || {
        format!("This is {till} of {name} now. Sell with: barrow till\n")
    })?;
    Ok(Exit::Done)
}

fn sync(near: &Near, wait: u64, frame: &Frame) -> Result<Exit, Failure> {
    let shop = place::open(frame)?;
    let Some(net) = near.start(&shop)? else {
        let why = "The shop has no hub, and nobody was named to meet. Name a hub (barrow till hub CODE), or add --near-by.";
        return Err(Failure::invalid(why));
    };
    let looks = wait.saturating_mul(1_000) / LOOK.as_millis() as u64;
    let mut view = shop.till().spread()?;
    for _ in 0..looks {
        if is_done(&view) {
            break;
        }
        std::thread::sleep(LOOK);
        view = shop.till().spread()?;
    }
    let done = is_done(&view);
    frame.output.answer(&view, || text(&view))?;
    if done {
        return Ok(Exit::Done);
    }
    let trouble = net
        .trouble()
        .unwrap_or_else(|| "The other devices did not answer in time.".into());
    Err(Failure::new(
        Exit::Store,
        format!("Not everything arrived. {trouble} Nothing is lost: try again."),
    ))
}

/// Tells whether everything of this till is where it must be, and everything of the others' that is here too.
fn is_done(view: &SpreadView) -> bool {
    match &view.hub {
        Some(hub) => {
            hub.linked
                && hub.in_step
                && view.to_send == 0
                && view.tills.iter().all(|till| till.arrived == till.of)
        }
        None => {
            view.linked > 0
                && view
                    .tills
                    .iter()
                    .filter(|till| till.own)
                    .all(|till| view.copied == till.of)
        }
    }
}

/// Says how far this till's work has spread, for people.
pub fn text(view: &SpreadView) -> String {
    let mut out = match &view.hub {
        None => String::from("The shop has no hub: what is done here is safe when another device has it.\n"),
        Some(hub) if hub.linked => format!("The hub at {} is linked.\n", hub.address),
        Some(hub) => format!("The hub at {} is not linked.\n", hub.address),
    };
    out.push_str(&format!(
        "To send: {}. Copied: {}. Safe: {}.\n",
        view.to_send, view.copied, view.safe
    ));
    for till in &view.tills {
        let here = if till.own { " (this till)" } else { "" };
        out.push_str(&format!(
            "{} {}{here}: {} of {} arrived\n",
            till.series, till.name, till.arrived, till.of
        ));
    }
    out
}
