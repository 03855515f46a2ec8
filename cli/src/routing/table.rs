//! Tables as wide as what stands in them.

use std::io::{self, Write};

/// Writes rows under their heads: the first columns to the left, the last `numbers` columns to the right.
pub fn table<const N: usize>(
    heads: [&str; N],
    numbers: usize,
    rows: &[[String; N]],
    out: &mut impl Write,
) -> io::Result<()> {
    let heads = heads.map(str::to_owned);
    let width = |column: usize| {
        let cells = rows.iter().chain([&heads]).map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    for row in [&heads].into_iter().chain(rows) {
        let cells = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, width))| {
                if column + numbers >= N {
                    format!("{cell:>width$}")
                } else {
                    format!("{cell:<width$}")
                }
            });
        let line = cells.collect::<Vec<_>>().join("  ");
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            ["Ümlaut".to_owned(), "7".to_owned()],
            ["B".to_owned(), "1234567".to_owned()],
        ];
        let mut out = Vec::new();
        table(["name", "count"], 1, &rows, &mut out).unwrap();
        let expected = "name      count\nÜmlaut        7\nB       1234567\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
