//! The accepted set: which ops count. A pure function of the policy held and the op, so that every device that holds
//! the same ops agrees.

use crate::id::OrganisationId;
use crate::policy::Policy;
use crate::stream::{Head, Stream, StreamKind};

/// Says why an op does not count for now; more policy may change that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// The stream's device has no certificate for this run of numbers.
    #[error("its device is not one of the shop's")]
    NoCertificate,
    /// The device was revoked, and the op lies beyond what counts of it.
    #[error("its device was removed from the shop before it came")]
    BeyondCut,
    /// The op was made under policy that is not held here.
    #[error("it follows rules of the shop that have not come yet")]
    LaterPolicy,
}

impl Policy {
    /// Judges an op of a stream that was made under a policy version.
    ///
    /// # Errors
    /// The doubt for which it goes to review.
    pub fn judge(&self, stream: &Stream, op: &Head, policy_version: u64) -> Result<(), Doubt> {
        if stream.kind == StreamKind::Policy {
            let own = OrganisationId::of(&stream.device) == stream.organisation;
            return if own { Ok(()) } else { Err(Doubt::NoCertificate) };
        }
        if self.certificate(&stream.device, stream.incarnation).is_none() {
            return Err(Doubt::NoCertificate);
        }
        if !self.counts(stream, op) {
            return Err(Doubt::BeyondCut);
        }
        if policy_version > self.version() {
            return Err(Doubt::LaterPolicy);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Incarnation;
    use crate::policy::{Certificate, Cut, PolicyEvent};
    use crate::stream::{DeviceKey, OpHash};

    fn certified() -> (Policy, Stream) {
        let certificate = Certificate {
            device: DeviceKey([1; 32]),
            incarnation: Incarnation::from_number(1),
            name: "Till".into(),
            capabilities: Default::default(),
            location: None,
            series: "A".into(),
            issued_ms: 0,
            expires_ms: None,
        };
        let mut policy = Policy::default();
        let stream = certificate.stream(OrganisationId::from_number(1), StreamKind::Book);
        policy.apply(2, &PolicyEvent::DeviceCertified { certificate });
        (policy, stream)
    }

    fn head(seq: u64) -> Head {
        Head {
            seq,
            hash: OpHash([seq as u8; 32]),
        }
    }

    #[test]
    fn an_op_counts_under_a_certificate_within_the_cut_and_under_known_policy() {
        let (mut policy, stream) = certified();
        assert_eq!(policy.judge(&stream, &head(9), 2), Ok(()));
        assert_eq!(policy.judge(&stream, &head(9), 3), Err(Doubt::LaterPolicy));
        let other = Stream {
            incarnation: Incarnation::from_number(2),
            ..stream
        };
        assert_eq!(policy.judge(&other, &head(1), 2), Err(Doubt::NoCertificate));
        let cut = Cut {
            stream: stream.id(),
            seq: 5,
            hash: head(5).hash,
        };
        policy.apply(
            3,
            &PolicyEvent::DeviceRevoked {
                device: stream.device,
                cuts: vec![cut],
            },
        );
        let judged = [4, 5, 6].map(|seq| policy.judge(&stream, &head(seq), 2));
        assert_eq!(judged, [Ok(()), Ok(()), Err(Doubt::BeyondCut)]);
        policy.apply(
            4,
            &PolicyEvent::CutRaised {
                cut: Cut {
                    seq: 6,
                    hash: head(6).hash,
                    ..cut
                },
            },
        );
        assert_eq!(policy.judge(&stream, &head(6), 2), Ok(()));
    }

    #[test]
    fn only_the_organisation_writes_policy() {
        let own = DeviceKey([3; 32]);
        let stream = Stream::policy(own);
        assert_eq!(Policy::default().judge(&stream, &head(1), 0), Ok(()));
        let forged = Stream {
            device: DeviceKey([4; 32]),
            ..stream
        };
        assert_eq!(
            Policy::default().judge(&forged, &head(1), 0),
            Err(Doubt::NoCertificate)
        );
    }
}
