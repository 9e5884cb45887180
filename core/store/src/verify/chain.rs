//! Every header and body hash, the chain of each stream, and signatures under the policy's keys.

use super::{Phase, Problem, Progress, Report, STEP, VerifyOptions};
use crate::error::StoreError;
use crate::oplog;
use crate::streams::{self, from_sql};
use barrow_log::author::Tip;
use barrow_log::header::header_hash;
use barrow_log::id::OrganisationId;
use barrow_log::policy::Policy;
use barrow_log::stream::{OpRef, Signature, Stream, StreamKind};
use barrow_log::verify::{ChainCheck, ChainFault};
use rusqlite::{Connection, Row};

/// Checks every stream.
pub(super) fn check(
    conn: &Connection,
    options: &VerifyOptions,
    report: &mut Report,
    progress: &mut impl FnMut(Progress),
) -> Result<(), StoreError> {
    let (last, count): (i64, i64) = conn
        .prepare_cached(sql!("op_count"))?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if last != count {
        report.add(Problem::Missing {
            missing: last.abs_diff(count),
        });
    }
    let policy = crate::policy::load(conn)?;
    for (no, stream) in streams::all(conn)? {
        let mut check = StreamCheck {
            chain: ChainCheck::new(stream.id(), stream.device),
            stream,
            policy: &policy,
            counted: true,
            every_signature: options.every_signature,
        };
        let checked = check.run(conn, no, report, progress);
        report.note(checked)?;
    }
    Ok(())
}

struct StreamCheck<'a> {
    stream: Stream,
    chain: ChainCheck,
    policy: &'a Policy,
    /// Whether the policy lets the stream count so far; told once.
    counted: bool,
    every_signature: bool,
}

impl StreamCheck<'_> {
    fn run(
        &mut self,
        conn: &Connection,
        no: i64,
        report: &mut Report,
        progress: &mut impl FnMut(Progress),
    ) -> Result<(), StoreError> {
        let mut statement = conn.prepare_cached(sql!("ops_of_stream"))?;
        let mut rows = statement.query([no])?;
        let mut newest: Option<(u64, Signature)> = None;
        while let Some(row) = rows.next()? {
            self.op(row, report)?;
            let signature: Option<[u8; 64]> = row.get(2)?;
            if let Some(signature) = signature.map(Signature) {
                let seq = from_sql(row.get(0)?)?;
                newest = Some((seq, signature));
                if self.every_signature {
                    self.signature(seq, &signature, report);
                }
            }
            if report.ops.is_multiple_of(STEP) {
                progress(Progress {
                    phase: Phase::Log,
                    done: report.ops,
                });
            }
        }
        if let (Some((seq, signature)), false) = (newest, self.every_signature) {
            self.signature(seq, &signature, report);
        }
        self.end(newest.map(|(seq, _)| seq), report);
        Ok(())
    }

    /// Checks one op. After a fault the chain goes on from what is there, so that each fault is told once.
    fn op(&mut self, row: &Row<'_>, report: &mut Report) -> Result<(), StoreError> {
        let header = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
        let body = row.get_ref(4)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
        report.ops += 1;
        report.bodies += u64::from(body.is_some());
        let fed = match self.chain.feed(header, body) {
            Ok(parsed) => Some(parsed),
            Err(fault) => {
                report.add(Problem::Chain {
                    what: fault.to_string(),
                });
                match fault.reason {
                    ChainFault::BodyHash | ChainFault::BodyLen { .. } => self.chain.feed(header, None).ok(),
                    _ => self.go_on_from(header),
                }
            }
        };
        let (seq, height) = (from_sql(row.get(0)?)?, from_sql(row.get(1)?)?);
        let Some(parsed) = fed else { return Ok(()) };
        if parsed.seq != seq || parsed.height != height {
            let what = format!(
                "stream {}, op {}: its row says other numbers",
                parsed.stream, parsed.seq
            );
            report.add(Problem::Chain { what });
        }
        if self.counted && !self.is_known() {
            self.counted = false;
            report.add(Problem::NoCertificate { op: parsed.op() });
        }
        Ok(())
    }

    fn go_on_from(&mut self, header: &[u8]) -> Option<barrow_log::header::Header> {
        let parsed = barrow_log::header::Header::from_bytes(header).ok()?;
        let tip = Tip::of(header)
            .ok()
            .filter(|_| parsed.stream == self.stream.id())?;
        self.chain = ChainCheck::after(self.stream.id(), self.stream.device, tip);
        Some(parsed)
    }

    /// Tells whether anybody vouches for the key at all. What policy does not let count lies in review, and is no fault.
    fn is_known(&self) -> bool {
        match self.stream.kind {
            StreamKind::Policy => OrganisationId::of(&self.stream.device) == self.stream.organisation,
            _ => self
                .policy
                .certificate(&self.stream.device, self.stream.incarnation)
                .is_some(),
        }
    }

    fn signature(&mut self, seq: u64, signature: &Signature, report: &mut Report) {
        report.signatures += 1;
        if let Err(fault) = self.chain.signature(seq, signature) {
            report.add(Problem::Chain {
                what: fault.to_string(),
            });
        }
    }

    /// Checks that the newest op is signed: nothing may be durable that nobody vouches for.
    fn end(&self, signed: Option<u64>, report: &mut Report) {
        let Some(head) = self.chain.head() else { return };
        if signed != Some(head.seq) {
            let what = format!("stream {}, op {}: it is not signed", self.stream.id(), head.seq);
            report.add(Problem::Chain { what });
        }
    }
}

/// Checks that an op named by a document is the one that is held.
pub(super) fn is_held(
    conn: &Connection,
    op: &OpRef,
    hash: &barrow_log::stream::OpHash,
) -> Result<bool, StoreError> {
    let Some(no) = streams::number_of(conn, &op.stream)? else {
        return Ok(false);
    };
    let header = oplog::header(conn, no, op.seq)?;
    Ok(header.is_some_and(|header| header_hash(&header) == *hash))
}
