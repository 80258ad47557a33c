//! Floating point numbers as C's `%g` prints them: six significant digits, no trailing zeros.

const DIGITS: i32 = 6;

pub(super) fn shortest_of_six(value: f64) -> String {
    if value.is_nan() {
        return if value.is_sign_negative() { "-nan" } else { "nan" }.to_owned();
    }
    if value.is_infinite() {
        return if value < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    // The exponent is that of the rounded number: 999999.5 has one digit more than it seems.
    let scientific = format!("{value:.5e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..DIGITS).contains(&exponent) {
        let decimals = usize::try_from(DIGITS - 1 - exponent).unwrap_or(0);
        return without_trailing_zeros(&format!("{value:.decimals$}")).to_owned();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    let mantissa = without_trailing_zeros(mantissa);
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

fn without_trailing_zeros(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

#[cfg(test)]
mod tests {
    use super::shortest_of_six;

    #[test]
    fn numbers_look_as_in_c() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.5, "1.5"),
            (-2.25, "-2.25"),
            (1e10, "1e+10"),
            (1e-10, "1e-10"),
            (123_456_789.0, "1.23457e+08"),
            (100_000.0, "100000"),
            (100_000.5, "100000"),
            (100_001.5, "100002"),
            (999_999.5, "1e+06"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (0.000_123_456_78, "0.000123457"),
            (5e-324, "4.94066e-324"),
            (f64::MAX, "1.79769e+308"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(shortest_of_six(value), text);
        }
    }
}
