//! The names of countries in the languages of the screens; English ones stand in the packs.

/// The languages of [`ROWS`], in the order of its columns.
const LANGUAGES: [&str; 4] = ["de", "fr", "es", "ar"];

/// Code and names, in the order of the codes.
const ROWS: &[(&str, [&str; 4])] = &[
    (
        "AE",
        [
            "Vereinigte Arabische Emirate",
            "Émirats arabes unis",
            "Emiratos Árabes Unidos",
            "الإمارات العربية المتحدة",
        ],
    ),
    ("AT", ["Österreich", "Autriche", "Austria", "النمسا"]),
    ("AU", ["Australien", "Australie", "Australia", "أستراليا"]),
    ("BE", ["Belgien", "Belgique", "Bélgica", "بلجيكا"]),
    ("CA", ["Kanada", "Canada", "Canadá", "كندا"]),
    ("CH", ["Schweiz", "Suisse", "Suiza", "سويسرا"]),
    ("DE", ["Deutschland", "Allemagne", "Alemania", "ألمانيا"]),
    ("DK", ["Dänemark", "Danemark", "Dinamarca", "الدانمرك"]),
    ("EE", ["Estland", "Estonie", "Estonia", "إستونيا"]),
    ("ES", ["Spanien", "Espagne", "España", "إسبانيا"]),
    ("FI", ["Finnland", "Finlande", "Finlandia", "فنلندا"]),
    ("FR", ["Frankreich", "France", "Francia", "فرنسا"]),
    (
        "GB",
        [
            "Vereinigtes Königreich",
            "Royaume-Uni",
            "Reino Unido",
            "المملكة المتحدة",
        ],
    ),
    ("IE", ["Irland", "Irlande", "Irlanda", "أيرلندا"]),
    ("IN", ["Indien", "Inde", "India", "الهند"]),
    ("IT", ["Italien", "Italie", "Italia", "إيطاليا"]),
    ("JP", ["Japan", "Japon", "Japón", "اليابان"]),
    ("KW", ["Kuwait", "Koweït", "Kuwait", "الكويت"]),
    ("LT", ["Litauen", "Lituanie", "Lituania", "ليتوانيا"]),
    ("LV", ["Lettland", "Lettonie", "Letonia", "لاتفيا"]),
    ("MX", ["Mexiko", "Mexique", "México", "المكسيك"]),
    ("NL", ["Niederlande", "Pays-Bas", "Países Bajos", "هولندا"]),
    ("NO", ["Norwegen", "Norvège", "Noruega", "النرويج"]),
    (
        "NZ",
        ["Neuseeland", "Nouvelle-Zélande", "Nueva Zelanda", "نيوزيلندا"],
    ),
    ("PL", ["Polen", "Pologne", "Polonia", "بولندا"]),
    ("SE", ["Schweden", "Suède", "Suecia", "السويد"]),
    (
        "US",
        [
            "Vereinigte Staaten",
            "États-Unis",
            "Estados Unidos",
            "الولايات المتحدة",
        ],
    ),
    ("ZA", ["Südafrika", "Afrique du Sud", "Sudáfrica", "جنوب أفريقيا"]),
];

/// Returns the name of a country in a language (BCP 47); `None` for English and for what is not listed.
pub fn name(code: &str, language: &str) -> Option<&'static str> {
    let language = language.split(['-', '_']).next().unwrap_or_default();
    let column = LANGUAGES
        .iter()
        .position(|known| known.eq_ignore_ascii_case(language))?;
    let row = ROWS.iter().find(|(known, _)| *known == code)?;
    row.1.get(column).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_has_its_names() {
        let codes: Vec<&str> = ROWS.iter().map(|(code, _)| *code).collect();
        let packs: Vec<&str> = super::super::all()
            .iter()
            .map(|pack| pack.code.as_str())
            .collect();
        assert_eq!(codes, packs);
        assert_eq!(name("DE", "fr-CH"), Some("Allemagne"));
        assert_eq!(name("DE", "en"), None);
        assert_eq!(name("XX", "de"), None);
    }
}
