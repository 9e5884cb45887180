//! The GS1 application identifiers, as data.
//!
//! Source: GS1 General Specifications, section 3 (formats, titles), 4.13 (which identifiers exclude or need each
//! other), 7.8.5 (which need no separator), and the facts of the GS1 Barcode Syntax Dictionary (parts of a
//! value, their checks, what may stand in the path of a Digital Link).

use serde::Serialize;

/// One application identifier, or a run of them that differ in their last digit only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AiEntry {
    /// The identifier, or the first of the run.
    pub first: &'static str,
    /// The last of the run.
    pub last: &'static str,
    /// The parts of the value, parted by spaces: `N` digits, `X` character set 82, `Y` character set 39, `Z`
    /// base64url; a length, or `..` and the greatest length; `?` when the part may be absent; then the checks of
    /// the part, each after a colon.
    pub format: &'static str,
    /// The data title.
    pub title: &'static str,
    /// Whether its length is known by its first two digits, so that no separator follows.
    pub fixed: bool,
    /// Whether it may be an attribute in the query of a Digital Link.
    pub link_attribute: bool,
    /// The identifiers of which at least one must mark the same item: groups parted by commas, members of a
    /// group by `+`, `n` for any digit.
    pub needs: &'static str,
    /// The identifiers it can't stand with.
    pub excludes: &'static str,
    /// For a Digital Link key: its qualifiers in their order, alternatives parted by `|`, `-` for none.
    pub link_key: Option<&'static str>,
}

impl AiEntry {
    /// Returns the shortest and the longest value, in characters.
    pub fn lengths(&self) -> (usize, usize) {
        self.parts().fold((0, 0), |(least, most), p| {
            (if p.optional { least } else { least + p.least }, most + p.most)
        })
    }

    /// Goes through the parts of the value.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part> {
        self.format.split(' ').map(Part::of)
    }
}

/// One part of a value.
pub(super) struct Part {
    pub(super) set: char,
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) optional: bool,
    pub(super) checks: &'static str,
}

impl Part {
    fn of(spec: &'static str) -> Self {
        let (shape, checks) = spec.split_once(':').unwrap_or((spec, ""));
        let optional = shape.ends_with('?');
        let shape = shape.trim_end_matches('?');
        let set = shape.chars().next().unwrap_or('X');
        let length = shape.get(1..).unwrap_or_default();
        // The table is ours and tested to parse; a length that did not would allow no value at all.
        let (least, most) = match length.strip_prefix("..") {
            Some(most) => (1, most.parse().unwrap_or(0)),
            None => (length.parse().unwrap_or(0), length.parse().unwrap_or(0)),
        };
        Self {
            set,
            least,
            most,
            optional,
            checks,
        }
    }
}

/// Returns the entry of an identifier, digits only. `None` if GS1 has not given it out.
pub fn ai_entry(ai: &str) -> Option<AiEntry> {
    ROWS.iter()
        .find(|row| row.0.len() == ai.len() && row.0 <= ai && ai <= row.1)
        .map(entry)
}

/// Returns the entry of the identifier that a text starts with. No identifier is the beginning of another.
pub(super) fn leading_entry(text: &str) -> Option<(AiEntry, &str)> {
    (2..=4).find_map(|n| {
        let ai = text.get(..n)?;
        Some((ai_entry(ai)?, ai))
    })
}

/// Returns the whole table, in the order of the identifiers.
pub fn ai_table() -> Vec<AiEntry> {
    ROWS.iter().map(entry).collect()
}

fn entry(row: &Row) -> AiEntry {
    let (first, last, format, title, flags, needs, excludes, key) = *row;
    AiEntry {
        first,
        last,
        format,
        title,
        fixed: flags.contains('F'),
        link_attribute: flags.contains('A'),
        needs,
        excludes,
        link_key: (!key.is_empty()).then_some(key),
    }
}

/// First, last, format, title, flags (F fixed, A link attribute), needs, excludes, link key.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("00", "00", "N18:csum", "SSCC", "FA", "", "", "-"),
    ("01", "01", "N14:csum", "GTIN", "FA", "", "255,37", "22,10,21|235"),
    ("02", "02", "N14:csum", "CONTENT", "FA", "37", "01,03", ""),
    ("03", "03", "N14:csum", "MTO GTIN", "F", "", "01,02,37,235", ""),
    ("10", "10", "X..20", "BATCH/LOT", "A", "01,02,03,8006,8026", "", ""),
    ("11", "11", "N6:yymmd0", "PROD DATE", "FA", "01,02,03,8006,8026", "", ""),
    ("12", "12", "N6:yymmd0", "DUE DATE", "FA", "8020", "", ""),
    ("13", "13", "N6:yymmd0", "PACK DATE", "FA", "01,02,03,8006,8026", "", ""),
    ("15", "15", "N6:yymmd0", "BEST BEFORE or BEST BY", "FA", "01,02,03,8006,8026", "", ""),
    ("16", "16", "N6:yymmd0", "SELL BY", "FA", "01,02,03,8006,8026", "", ""),
    ("17", "17", "N6:yymmd0", "USE BY or EXPIRY", "FA", "01,02,03,255,8006,8026", "", ""),
    ("20", "20", "N2", "VARIANT", "FA", "01,02,03,8006,8026", "", ""),
    ("21", "21", "X..20", "SERIAL", "", "01,03,8006", "235", ""),
    ("22", "22", "X..20", "CPV", "", "01", "", ""),
    ("235", "235", "X..28", "TPX", "", "01", "", ""),
    ("240", "240", "X..30", "ADDITIONAL ID", "A", "01,02,03,8006,8026", "", ""),
    ("241", "241", "X..30", "CUST. PART No.", "A", "01,02,03,8006,8026", "", ""),
    ("242", "242", "N..6", "MTO VARIANT", "A", "01,02,8006,8026", "", ""),
    ("243", "243", "X..20", "PCN", "A", "01,03", "", ""),
    ("250", "250", "X..30", "SECONDARY SERIAL", "A", "01+21,03+21,8006+21", "", ""),
    ("251", "251", "X..30", "REF. TO SOURCE", "A", "01,03,8006", "", ""),
    ("253", "253", "N13:csum X..17?", "GDTI", "A", "", "", "-"),
    ("254", "254", "X..20", "GLN EXTENSION COMPONENT", "", "414", "", ""),
    ("255", "255", "N13:csum N..12?", "GCN", "A", "", "01,02,415,8006,8020,8026", "-"),
    ("30", "30", "N..8", "VAR. COUNT", "A", "01,02", "", ""),
    ("3100", "3105", "N6", "NET WEIGHT (kg)", "FA", "01,02", "310n", ""),
    ("3110", "3115", "N6", "LENGTH (m)", "FA", "01,02", "311n", ""),
    ("3120", "3125", "N6", "WIDTH (m)", "FA", "01,02", "312n", ""),
    ("3130", "3135", "N6", "HEIGHT (m)", "FA", "01,02", "313n", ""),
    ("3140", "3145", "N6", "AREA (m²)", "FA", "01,02", "314n", ""),
    ("3150", "3155", "N6", "NET VOLUME (l)", "FA", "01,02", "315n", ""),
    ("3160", "3165", "N6", "NET VOLUME (m³)", "FA", "01,02", "316n", ""),
    ("3200", "3205", "N6", "NET WEIGHT (lb)", "FA", "01,02", "320n", ""),
    ("3210", "3215", "N6", "LENGTH (in)", "FA", "01,02", "321n", ""),
    ("3220", "3225", "N6", "LENGTH (ft)", "FA", "01,02", "322n", ""),
    ("3230", "3235", "N6", "LENGTH (yd)", "FA", "01,02", "323n", ""),
    ("3240", "3245", "N6", "WIDTH (in)", "FA", "01,02", "324n", ""),
    ("3250", "3255", "N6", "WIDTH (ft)", "FA", "01,02", "325n", ""),
    ("3260", "3265", "N6", "WIDTH (yd)", "FA", "01,02", "326n", ""),
    ("3270", "3275", "N6", "HEIGHT (in)", "FA", "01,02", "327n", ""),
    ("3280", "3285", "N6", "HEIGHT (ft)", "FA", "01,02", "328n", ""),
    ("3290", "3295", "N6", "HEIGHT (yd)", "FA", "01,02", "329n", ""),
    ("3300", "3305", "N6", "GROSS WEIGHT (kg)", "FA", "00,01", "330n", ""),
    ("3310", "3315", "N6", "LENGTH (m), log", "FA", "00,01", "331n", ""),
    ("3320", "3325", "N6", "WIDTH (m), log", "FA", "00,01", "332n", ""),
    ("3330", "3335", "N6", "HEIGHT (m), log", "FA", "00,01", "333n", ""),
    ("3340", "3345", "N6", "AREA (m²), log", "FA", "00,01", "334n", ""),
    ("3350", "3355", "N6", "VOLUME (l), log", "FA", "00,01", "335n", ""),
    ("3360", "3365", "N6", "VOLUME (m³), log", "FA", "00,01", "336n", ""),
    ("3370", "3375", "N6", "KG PER m²", "FA", "01", "337n", ""),
    ("3400", "3405", "N6", "GROSS WEIGHT (lb)", "FA", "00,01", "340n", ""),
    ("3410", "3415", "N6", "LENGTH (in), log", "FA", "00,01", "341n", ""),
    ("3420", "3425", "N6", "LENGTH (ft), log", "FA", "00,01", "342n", ""),
    ("3430", "3435", "N6", "LENGTH (yd), log", "FA", "00,01", "343n", ""),
    ("3440", "3445", "N6", "WIDTH (in), log", "FA", "00,01", "344n", ""),
    ("3450", "3455", "N6", "WIDTH (ft), log", "FA", "00,01", "345n", ""),
    ("3460", "3465", "N6", "WIDTH (yd), log", "FA", "00,01", "346n", ""),
    ("3470", "3475", "N6", "HEIGHT (in), log", "FA", "00,01", "347n", ""),
    ("3480", "3485", "N6", "HEIGHT (ft), log", "FA", "00,01", "348n", ""),
    ("3490", "3495", "N6", "HEIGHT (yd), log", "FA", "00,01", "349n", ""),
    ("3500", "3505", "N6", "AREA (in²)", "FA", "01,02", "350n", ""),
    ("3510", "3515", "N6", "AREA (ft²)", "FA", "01,02", "351n", ""),
    ("3520", "3525", "N6", "AREA (yd²)", "FA", "01,02", "352n", ""),
    ("3530", "3535", "N6", "AREA (in²), log", "FA", "00,01", "353n", ""),
    ("3540", "3545", "N6", "AREA (ft²), log", "FA", "00,01", "354n", ""),
    ("3550", "3555", "N6", "AREA (yd²), log", "FA", "00,01", "355n", ""),
    ("3560", "3565", "N6", "NET WEIGHT (tr oz)", "FA", "01,02", "356n", ""),
    ("3570", "3575", "N6", "NET VOLUME (oz)", "FA", "01,02", "357n", ""),
    ("3600", "3605", "N6", "NET VOLUME (qt (US))", "FA", "01,02", "360n", ""),
    ("3610", "3615", "N6", "NET VOLUME (gal.)", "FA", "01,02", "361n", ""),
    ("3620", "3625", "N6", "VOLUME (qt (US)), log", "FA", "00,01", "362n", ""),
    ("3630", "3635", "N6", "VOLUME (gal (US)), log", "FA", "00,01", "363n", ""),
    ("3640", "3645", "N6", "NET VOLUME (in³)", "FA", "01,02", "364n", ""),
    ("3650", "3655", "N6", "NET VOLUME (ft³)", "FA", "01,02", "365n", ""),
    ("3660", "3665", "N6", "NET VOLUME (yd³)", "FA", "01,02", "366n", ""),
    ("3670", "3675", "N6", "VOLUME (in³), log", "FA", "00,01", "367n", ""),
    ("3680", "3685", "N6", "VOLUME (ft³), log", "FA", "00,01", "368n", ""),
    ("3690", "3695", "N6", "VOLUME (yd³), log", "FA", "00,01", "369n", ""),
    ("37", "37", "N..8", "COUNT", "A", "00+02,00+8026", "", ""),
    ("3900", "3909", "N..15", "AMOUNT", "A", "255,8020", "390n,391n,394n,8111", ""),
    ("3910", "3919", "N3:iso4217 N..15", "AMOUNT", "A", "8020", "391n", ""),
    ("3920", "3929", "N..15", "PRICE", "A", "01+30,01+31nn,01+32nn,01+35nn,01+36nn", "392n,393n", ""),
    ("3930", "3939", "N3:iso4217 N..15", "PRICE", "A", "30,31nn,32nn,35nn,36nn", "393n", ""),
    ("3940", "3943", "N4", "PRCNT OFF", "A", "255", "394n,8111", ""),
    ("3950", "3955", "N6", "PRICE/UoM", "A", "30,31nn,32nn,35nn,36nn", "392n,393n,395n,8005", ""),
    ("400", "400", "X..30", "ORDER NUMBER", "A", "", "", ""),
    ("401", "401", "X..30:gcp", "GINC", "A", "", "", "-"),
    ("402", "402", "N17:csum", "GSIN", "A", "", "", "-"),
    ("403", "403", "X..30", "ROUTE", "A", "00", "", ""),
    ("410", "410", "N13:csum", "SHIP TO LOC", "FA", "", "", ""),
    ("411", "411", "N13:csum", "BILL TO", "FA", "", "", ""),
    ("412", "412", "N13:csum", "PURCHASE FROM", "FA", "", "", ""),
    ("413", "413", "N13:csum", "SHIP FOR LOC", "FA", "", "", ""),
    ("414", "414", "N13:csum", "LOC No.", "FA", "", "", "254|7040"),
    ("415", "415", "N13:csum", "PAY TO", "FA", "8020", "", "8020"),
    ("416", "416", "N13:csum", "PROD/SERV LOC", "FA", "", "", ""),
    ("417", "417", "N13:csum", "PARTY", "FA", "", "", "7040"),
    ("420", "420", "X..20", "SHIP TO POST", "A", "", "421", ""),
    ("421", "421", "N3:iso3166 X..9", "SHIP TO POST", "A", "", "4307", ""),
    ("422", "422", "N3:iso3166", "ORIGIN", "A", "01,02,03,8006,8026", "426", ""),
    ("423", "423", "N3:iso3166 N3?:iso3166 N3?:iso3166 N3?:iso3166 N3?:iso3166", "COUNTRY - INITIAL PROCESS", "A", "01,02,03", "426", ""),
    ("424", "424", "N3:iso3166", "COUNTRY - PROCESS", "A", "01,02,03", "426", ""),
    ("425", "425", "N3:iso3166 N3?:iso3166 N3?:iso3166 N3?:iso3166 N3?:iso3166", "COUNTRY - DISASSEMBLY", "A", "01,02,03", "426", ""),
    ("426", "426", "N3:iso3166", "COUNTRY - FULL PROCESS", "A", "01,02,03", "", ""),
    ("427", "427", "X..3", "ORIGIN SUBDIVISION", "A", "01+422,02+422,03+422", "", ""),
    ("4300", "4300", "X..35:pcenc", "SHIP TO COMP", "A", "00", "", ""),
    ("4301", "4301", "X..35:pcenc", "SHIP TO NAME", "A", "00", "", ""),
    ("4302", "4302", "X..70:pcenc", "SHIP TO ADD1", "A", "00", "", ""),
    ("4303", "4303", "X..70:pcenc", "SHIP TO ADD2", "A", "4302", "", ""),
    ("4304", "4304", "X..70:pcenc", "SHIP TO SUB", "A", "00", "", ""),
    ("4305", "4305", "X..70:pcenc", "SHIP TO LOC", "A", "00", "", ""),
    ("4306", "4306", "X..70:pcenc", "SHIP TO REG", "A", "00", "", ""),
    ("4307", "4307", "X2:iso3166alpha2", "SHIP TO COUNTRY", "A", "00", "", ""),
    ("4308", "4308", "X..30", "SHIP TO PHONE", "A", "00", "", ""),
    ("4309", "4309", "N10:latitude N10:longitude", "SHIP TO GEO", "A", "00", "", ""),
    ("4310", "4310", "X..35:pcenc", "RTN TO COMP", "A", "00", "", ""),
    ("4311", "4311", "X..35:pcenc", "RTN TO NAME", "A", "00", "", ""),
    ("4312", "4312", "X..70:pcenc", "RTN TO ADD1", "A", "00", "", ""),
    ("4313", "4313", "X..70:pcenc", "RTN TO ADD2", "A", "4312", "", ""),
    ("4314", "4314", "X..70:pcenc", "RTN TO SUB", "A", "00", "", ""),
    ("4315", "4315", "X..70:pcenc", "RTN TO LOC", "A", "00", "", ""),
    ("4316", "4316", "X..70:pcenc", "RTN TO REG", "A", "00", "", ""),
    ("4317", "4317", "X2:iso3166alpha2", "RTN TO COUNTRY", "A", "00", "", ""),
    ("4318", "4318", "X..20", "RTN TO POST", "A", "00", "", ""),
    ("4319", "4319", "X..30", "RTN TO PHONE", "A", "00", "", ""),
    ("4320", "4320", "X..35:pcenc", "SRV DESCRIPTION", "A", "00", "", ""),
    ("4321", "4321", "N1:yesno", "DANGEROUS GOODS", "A", "00", "", ""),
    ("4322", "4322", "N1:yesno", "AUTH TO LEAVE", "A", "00", "", ""),
    ("4323", "4323", "N1:yesno", "SIG REQUIRED", "A", "00", "", ""),
    ("4324", "4324", "N6:yymmd0 N4:hhmi", "NOT BEF DEL DT", "A", "00", "", ""),
    ("4325", "4325", "N6:yymmd0 N4:hhmi", "NOT AFT DEL DT", "A", "00", "", ""),
    ("4326", "4326", "N6:yymmdd", "REL DATE", "A", "00", "", ""),
    ("4330", "4330", "N6 X1?:hyphen", "MAX TEMP F.", "A", "00", "4331", ""),
    ("4331", "4331", "N6 X1?:hyphen", "MAX TEMP C.", "A", "00", "4330", ""),
    ("4332", "4332", "N6 X1?:hyphen", "MIN TEMP F.", "A", "00", "4333", ""),
    ("4333", "4333", "N6 X1?:hyphen", "MIN TEMP C.", "A", "00", "4332", ""),
    ("7001", "7001", "N13", "NSN", "A", "01,02,8006,8026", "", ""),
    ("7002", "7002", "X..30", "MEAT CUT", "A", "01,02", "", ""),
    ("7003", "7003", "N6:yymmdd N4:hhmi", "EXPIRY TIME", "A", "01,02,03", "", ""),
    ("7004", "7004", "N..4", "ACTIVE POTENCY", "A", "01+10,03+10", "", ""),
    ("7005", "7005", "X..12", "CATCH AREA", "A", "01,02", "", ""),
    ("7006", "7006", "N6:yymmdd", "FIRST FREEZE DATE", "A", "01,02", "", ""),
    ("7007", "7007", "N6:yymmdd N6?:yymmdd", "HARVEST DATE", "A", "01,02", "", ""),
    ("7008", "7008", "X..3", "AQUATIC SPECIES", "A", "01,02", "", ""),
    ("7009", "7009", "X..10", "FISHING GEAR TYPE", "A", "01,02", "", ""),
    ("7010", "7010", "X..2", "PROD METHOD", "A", "01,02,03", "", ""),
    ("7011", "7011", "N6:yymmdd N4?:hhmi", "TEST BY DATE", "A", "01,02,03", "", ""),
    ("7020", "7020", "X..20", "REFURB LOT", "A", "01+416,03+416,8006+416", "", ""),
    ("7021", "7021", "X..20", "FUNC STAT", "A", "01,03,8006", "", ""),
    ("7022", "7022", "X..20", "REV STAT", "A", "01+7021,03+7021,8006+7021", "", ""),
    ("7023", "7023", "X..30:gcp", "GIAI - ASSEMBLY", "A", "", "", ""),
    ("7030", "7030", "N3:iso3166999 X..27", "PROCESSOR # 0", "A", "01,02", "", ""),
    ("7031", "7031", "N3:iso3166999 X..27", "PROCESSOR # 1", "A", "01,02", "", ""),
    ("7032", "7032", "N3:iso3166999 X..27", "PROCESSOR # 2", "A", "01,02", "", ""),
    ("7033", "7033", "N3:iso3166999 X..27", "PROCESSOR # 3", "A", "01,02", "", ""),
    ("7034", "7034", "N3:iso3166999 X..27", "PROCESSOR # 4", "A", "01,02", "", ""),
    ("7035", "7035", "N3:iso3166999 X..27", "PROCESSOR # 5", "A", "01,02", "", ""),
    ("7036", "7036", "N3:iso3166999 X..27", "PROCESSOR # 6", "A", "01,02", "", ""),
    ("7037", "7037", "N3:iso3166999 X..27", "PROCESSOR # 7", "A", "01,02", "", ""),
    ("7038", "7038", "N3:iso3166999 X..27", "PROCESSOR # 8", "A", "01,02", "", ""),
    ("7039", "7039", "N3:iso3166999 X..27", "PROCESSOR # 9", "A", "01,02", "", ""),
    ("7040", "7040", "N1 X1 X1 X1:importeridx", "UIC+EXT", "", "", "", ""),
    ("7041", "7041", "X..4:packagetype", "UFRGT UNIT TYPE", "", "00", "", ""),
    ("710", "710", "X..20", "NHRN PZN", "A", "01", "", ""),
    ("711", "711", "X..20", "NHRN CIP", "A", "01", "", ""),
    ("712", "712", "X..20", "NHRN CN", "A", "01", "", ""),
    ("713", "713", "X..20", "NHRN DRN", "A", "01", "", ""),
    ("714", "714", "X..20", "NHRN AIM", "A", "01", "", ""),
    ("715", "715", "X..20", "NHRN NDC", "A", "01", "", ""),
    ("716", "716", "X..20", "NHRN AIC", "A", "01", "", ""),
    ("717", "717", "X..20", "NHRN SRN", "A", "01", "", ""),
    ("7230", "7230", "X2 X..28", "CERT # 1", "A", "01,8004", "", ""),
    ("7231", "7231", "X2 X..28", "CERT # 2", "A", "01,8004", "", ""),
    ("7232", "7232", "X2 X..28", "CERT # 3", "A", "01,8004", "", ""),
    ("7233", "7233", "X2 X..28", "CERT # 4", "A", "01,8004", "", ""),
    ("7234", "7234", "X2 X..28", "CERT # 5", "A", "01,8004", "", ""),
    ("7235", "7235", "X2 X..28", "CERT # 6", "A", "01,8004", "", ""),
    ("7236", "7236", "X2 X..28", "CERT # 7", "A", "01,8004", "", ""),
    ("7237", "7237", "X2 X..28", "CERT # 8", "A", "01,8004", "", ""),
    ("7238", "7238", "X2 X..28", "CERT # 9", "A", "01,8004", "", ""),
    ("7239", "7239", "X2 X..28", "CERT # 10", "A", "01,8004", "", ""),
    ("7240", "7240", "X..20", "PROTOCOL", "A", "01,8006", "03", ""),
    ("7241", "7241", "N2:mediatype", "AIDC MEDIA TYPE", "A", "8017,8018", "", ""),
    ("7242", "7242", "X..25", "VCN", "A", "8017,8018", "", ""),
    ("7250", "7250", "N8:yyyymmdd", "DOB", "A", "8018", "7251", ""),
    ("7251", "7251", "N8:yyyymmdd N4:hhmi", "DOB TIME", "A", "8018", "7250", ""),
    ("7252", "7252", "N1:iso5218", "BIO SEX", "A", "8018", "", ""),
    ("7253", "7253", "X..40:pcenc", "FAMILY NAME", "A", "8017,8018", "7256,7259", ""),
    ("7254", "7254", "X..40:pcenc", "GIVEN NAME", "A", "8017,8018", "7256,7259", ""),
    ("7255", "7255", "X..10", "SUFFIX", "A", "8017,8018", "7256,7259", ""),
    ("7256", "7256", "X..90:pcenc", "FULL NAME", "A", "8017,8018", "", ""),
    ("7257", "7257", "X..70:pcenc", "PERSON ADDR", "A", "8018", "", ""),
    ("7258", "7258", "X3:posinseqslash", "BIRTH SEQUENCE", "A", "8018+7259", "", ""),
    ("7259", "7259", "X..40:pcenc", "BABY", "A", "8018", "7256", ""),
    ("8001", "8001", "N4:nonzero N5:nonzero N3:nonzero N1:winding N1", "DIMENSIONS", "A", "01", "", ""),
    ("8002", "8002", "X..20", "CMT No.", "A", "", "", ""),
    ("8003", "8003", "N1:zero N13:csum X..16?", "GRAI", "A", "", "", "-"),
    ("8004", "8004", "X..30:gcp", "GIAI", "A", "", "", "7040"),
    ("8005", "8005", "N6", "PRICE PER UNIT", "A", "01,02", "", ""),
    ("8006", "8006", "N14:csum N4:pieceoftotal", "ITIP", "A", "", "01,03,37", "22,10,21"),
    ("8007", "8007", "X..34:iban", "IBAN", "A", "415", "", ""),
    ("8008", "8008", "N6:yymmdd N2:hh N2?:mi N2?:ss", "PROD TIME", "A", "01,02,03", "", ""),
    ("8009", "8009", "X..50", "OPTSEN", "A", "00,01,03", "", ""),
    ("8010", "8010", "Y..30:gcp", "CPID", "A", "", "", "8011"),
    ("8011", "8011", "N..12:nozeroprefix", "CPID SERIAL", "", "8010", "", ""),
    ("8012", "8012", "X..20", "VERSION", "A", "01,03,8006", "", ""),
    ("8013", "8013", "X..25:csumalpha:gcp", "GMN", "A", "", "", "-"),
    ("8014", "8014", "X..25:csumalpha:gcp:hasnondigit", "MUDI", "", "01", "", ""),
    ("8017", "8017", "N18:csum", "GSRN - PROVIDER", "A", "", "8018", "8019"),
    ("8018", "8018", "N18:csum", "GSRN - RECIPIENT", "A", "", "8017", "8019"),
    ("8019", "8019", "N..10", "SRIN", "", "8017,8018", "", ""),
    ("8020", "8020", "X..25", "REF No.", "", "415", "", ""),
    ("8026", "8026", "N14:csum N4:pieceoftotal", "ITIP CONTENT", "A", "37", "02,03,8006", ""),
    ("8030", "8030", "Z..90", "DIGSIG", "A", "00,01+21,03+21,253,255,8003,8004,8006+21,8010+8011,8017,8018", "", ""),
    ("8040", "8040", "N15", "IMEI", "", "01+21", "", ""),
    ("8041", "8041", "N15", "IMEI2", "", "01+21+8040", "", ""),
    ("8042", "8042", "N32", "ESIM", "", "01+21+8040", "", ""),
    ("8043", "8043", "N18 N..2?", "PSIM", "", "01+21+8040", "", ""),
    ("8110", "8110", "X..70:couponcode", "COUPON CODE", "A", "", "", ""),
    ("8111", "8111", "N4", "POINTS", "A", "255", "", ""),
    ("8112", "8112", "X..70:couponposoffer", "PAPERLESS COUPON", "A", "", "", ""),
    ("8200", "8200", "X..70", "PRODUCT URL", "", "01", "", ""),
    ("90", "90", "X..30", "INTERNAL", "A", "", "", ""),
    ("91", "99", "X..90", "INTERNAL", "A", "", "", ""),
];
