/** Numbers as text, digit by digit the same as C's printf and Python's %: ties go to the even digit. */

/** As printf("%.10f"): ten decimals. Values beyond ±1e21 are not for this. */
export function fixed10(value: number): string {
  const text = (value + 0).toFixed(10);
  const more = value.toFixed(14);
  if (!more.endsWith("5000") || !/^50*$/.test(value.toFixed(100).slice(-90))) return text;
  const cut = more.slice(0, -4);
  return endsEven(cut) ? cut : text;
}

/** As printf("%.9g"): nine significant digits, no trailing zeros; enough for every float32. */
export function general9(value: number): string {
  if (value === 0) return "0";
  const [mantissa = "0", exponent = "0"] = nine(value).split("e");
  const power = Number(exponent);
  const digits = mantissa.replace(".", "").replace("-", "");
  const sign = value < 0 ? "-" : "";
  if (power < -4 || power >= 9) {
    const rest = digits.slice(1).replace(/0+$/, "");
    const size = String(Math.abs(power)).padStart(2, "0");
    return `${sign}${digits[0] ?? "0"}${rest && "."}${rest}e${power < 0 ? "-" : "+"}${size}`;
  }
  const padded = power < 0 ? "0".repeat(-power) + digits : digits;
  const point = Math.max(power, 0) + 1;
  const decimals = padded.slice(point).replace(/0+$/, "");
  return `${sign}${padded.slice(0, point)}${decimals && "."}${decimals}`;
}

/** Nine significant digits in exponent form, ties to even. */
function nine(value: number): string {
  const text = value.toExponential(8);
  const [more = "", exponent = "0"] = value.toExponential(12).split("e");
  if (!more.endsWith("5000") || !isTie(value)) return text;
  const cut = more.slice(0, -4);
  return endsEven(cut) ? `${cut}e${exponent}` : text;
}

/** Whether what follows the ninth digit is exactly one half. */
function isTie(value: number): boolean {
  const [digits = ""] = value.toExponential(100).split("e");
  return /^-?\d\.\d{8}50*$/.test(digits);
}

function endsEven(text: string): boolean {
  return "02468".includes(text.slice(-1));
}
