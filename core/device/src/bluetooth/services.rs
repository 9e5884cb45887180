//! Which service of a printer takes what is to be printed: printers have agreed on none, and offer several at once.

use btleplug::api::{CharPropFlags, Characteristic, Service};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A service that printers were seen with, best first.
struct Known {
    service: Uuid,
    write: Uuid,
    notify: Uuid,
    /// The longest write that its modules were seen to take.
    longest: usize,
}

/// The part that Bluetooth's own short ids are written into.
const fn short(id: u32) -> Uuid {
    Uuid::from_u128(((id as u128) << 96) | 0x0000_0000_0000_1000_8000_0080_5f9b_34fb)
}

/// What printers were seen with. Services that only printers have come before those of serial modules, which are
/// found in other devices too. "Cat printers" (AE30) are left out: they speak a language of their own.
const KNOWN: [Known; 6] = [
    // Zebra, from its application note: the only one whose maker wrote it down.
    Known {
        service: Uuid::from_u128(0x38eb_4a80_c570_11e3_9507_0002_a5d5_c51b),
        write: Uuid::from_u128(0x38eb_4a82_c570_11e3_9507_0002_a5d5_c51b),
        notify: Uuid::from_u128(0x38eb_4a81_c570_11e3_9507_0002_a5d5_c51b),
        longest: MODULE,
    },
    // Most small receipt printers without a maker's name.
    Known {
        service: short(0x18f0),
        write: short(0x2af1),
        notify: short(0x2af0),
        longest: MODULE,
    },
    // Microchip's module: Epson TM-P, Star SM-L and many more.
    Known {
        service: Uuid::from_u128(0x4953_5343_fe7d_4ae5_8fa9_9faf_d205_e455),
        write: Uuid::from_u128(0x4953_5343_8841_43f4_a8d4_ecbe_3472_9bb3),
        notify: Uuid::from_u128(0x4953_5343_1e4d_4bd9_ba61_23c6_4724_9616),
        longest: MODULE,
    },
    Known {
        service: Uuid::from_u128(0xe781_0a71_73ae_499d_8c15_faa9_aef0_c3f2),
        write: Uuid::from_u128(0xbef8_d6c9_9c21_4c9e_b632_bd58_c100_9f9f),
        notify: Uuid::from_u128(0xbef8_d6c9_9c21_4c9e_b632_bd58_c100_9f9f),
        longest: MODULE,
    },
    Known {
        service: short(0xff00),
        write: short(0xff02),
        notify: short(0xff03),
        longest: MODULE,
    },
    // A bare serial module, which has hardly any memory.
    Known {
        service: short(0xffe0),
        write: short(0xffe1),
        notify: short(0xffe1),
        longest: 20,
    },
];

/// The longest write of a usual module: what fits into one packet of the radio, whatever was agreed on.
const MODULE: usize = 244;

/// The bytes of a packet that are not the printer's.
const HEAD: usize = 3;
/// What every radio takes.
const LEAST: usize = 20;

/// Where to write, and where the answers come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outlet {
    pub(super) write: Characteristic,
    /// Tells whether each write is answered; one that is not has to be paced.
    pub(super) answered: bool,
    pub(super) notify: Option<Characteristic>,
    longest: usize,
}

impl Outlet {
    /// Returns how many bytes go into one write over a connection that carries so much.
    pub(super) fn piece(&self, mtu: u16) -> usize {
        usize::from(mtu).saturating_sub(HEAD).clamp(LEAST, self.longest)
    }
}

/// Tells whether a service is one that printers have.
pub(super) fn is_known(service: &Uuid) -> bool {
    KNOWN.iter().any(|known| known.service == *service)
}

/// Chooses among what a device offers: by preference, and only what can really be written to.
pub(super) fn choose(services: &BTreeSet<Service>) -> Option<Outlet> {
    KNOWN.iter().find_map(|known| {
        let service = services.iter().find(|service| service.uuid == known.service)?;
        let find = |id: Uuid| service.characteristics.iter().find(|offered| offered.uuid == id);
        let write = find(known.write)?;
        let answered = write.properties.contains(CharPropFlags::WRITE);
        if !answered && !write.properties.contains(CharPropFlags::WRITE_WITHOUT_RESPONSE) {
            return None;
        }
        let speaks = CharPropFlags::NOTIFY | CharPropFlags::INDICATE;
        let notify = find(known.notify).filter(|offered| offered.properties.intersects(speaks));
        Some(Outlet {
            write: write.clone(),
            answered,
            notify: notify.cloned(),
            longest: known.longest,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(id: u32, offered: &[(u32, CharPropFlags)]) -> Service {
        let uuid = short(id);
        let characteristics = offered.iter().map(|(id, properties)| Characteristic {
            uuid: short(*id),
            service_uuid: uuid,
            properties: *properties,
            descriptors: BTreeSet::new(),
        });
        Service {
            uuid,
            primary: true,
            characteristics: characteristics.collect(),
        }
    }

    fn chosen(services: &[Service]) -> Option<(Uuid, bool, bool)> {
        let outlet = choose(&services.iter().cloned().collect())?;
        Some((outlet.write.uuid, outlet.answered, outlet.notify.is_some()))
    }

    #[test]
    fn the_best_service_that_can_be_written_to_is_chosen() {
        let (write, fast) = (CharPropFlags::WRITE, CharPropFlags::WRITE_WITHOUT_RESPONSE);
        let (read, notify) = (CharPropFlags::READ, CharPropFlags::NOTIFY);
        let serial = service(0xffe0, &[(0xffe1, fast | notify)]);
        let printer = service(0x18f0, &[(0x2af0, notify), (0x2af1, write | fast)]);
        let locked = service(0x18f0, &[(0x2af0, notify), (0x2af1, read)]);
        let settings = service(0x1800, &[(0x2a00, write)]);
        assert_eq!(
            chosen(&[settings.clone(), serial.clone(), printer]),
            Some((short(0x2af1), true, true))
        );
        assert_eq!(
            chosen(&[locked.clone(), serial]),
            Some((short(0xffe1), false, true))
        );
        assert_eq!(chosen(&[settings, locked]), None);
        let mute = service(0x18f0, &[(0x2af0, read), (0x2af1, fast)]);
        assert_eq!(chosen(&[mute]), Some((short(0x2af1), false, false)));
    }

    #[test]
    fn a_write_fits_the_connection_and_the_module() {
        let outlet = |id| {
            let offered = [(0x2af1, CharPropFlags::WRITE), (0xffe1, CharPropFlags::WRITE)];
            choose(&BTreeSet::from([service(id, &offered)])).unwrap()
        };
        let (printer, serial) = (outlet(0x18f0), outlet(0xffe0));
        for (mtu, piece) in [(0, 20), (23, 20), (185, 182), (247, 244), (517, 244)] {
            assert_eq!(printer.piece(mtu), piece, "{mtu}");
            assert_eq!(serial.piece(mtu), 20);
        }
    }
}
