#include "Msgpack.h"

#include <cmath>

#include "Bits.h"

namespace a2f {

bool Cursor::Take(std::size_t count, const std::uint8_t*& from) {
  if (count > Left()) return false;
  from = at_;
  at_ += count;
  return true;
}

bool Cursor::Number(std::size_t count, std::uint64_t& number) {
  const std::uint8_t* from = nullptr;
  if (!Take(count, from)) return false;
  number = 0;
  for (std::size_t k = 0; k < count; ++k) number = number << 8 | from[k];
  return true;
}

bool Cursor::Run(std::uint64_t size, Kind kind, Plain& plain) {
  plain.kind = kind;
  if (kind == Kind::kList || kind == Kind::kMap) {
    plain.count = static_cast<std::uint32_t>(size);
    return true;
  }
  if (size > Left()) return false;
  plain.bytes.size = static_cast<std::size_t>(size);
  return Take(plain.bytes.size, plain.bytes.data);
}

bool Cursor::Sized(std::size_t count, Kind kind, Plain& plain) {
  std::uint64_t size = 0;
  return Number(count, size) && Run(size, kind, plain);
}

bool Cursor::Next(Plain& plain) {
  std::uint64_t tag = 0;
  if (!Number(1, tag)) return false;
  if (tag < 0x80 || tag >= 0xe0) {
    plain.kind = Kind::kWhole;
    plain.whole = static_cast<std::int8_t>(tag);
    return true;
  }
  if (tag < 0x90) return Run(tag & 15, Kind::kMap, plain);
  if (tag < 0xa0) return Run(tag & 15, Kind::kList, plain);
  if (tag < 0xc0) return Run(tag & 31, Kind::kText, plain);
  return Long(static_cast<std::uint8_t>(tag), plain);
}

bool Cursor::Long(std::uint8_t tag, Plain& plain) {
  const auto step = [tag](std::uint8_t first) { return std::size_t{1} << (tag - first); };
  std::uint64_t bits = 0;
  if (tag == 0xc0) {
    plain.kind = Kind::kNil;
  } else if (tag == 0xc2 || tag == 0xc3) {
    plain.kind = Kind::kFlag;
    plain.flag = tag == 0xc3;
  } else if (tag >= 0xc4 && tag <= 0xc6) {
    return Sized(step(0xc4), Kind::kBin, plain);
  } else if (tag == 0xca) {
    if (!Number(4, bits)) return false;
    plain.kind = Kind::kReal;
    plain.real = static_cast<double>(FloatOf(static_cast<std::uint32_t>(bits)));
  } else if (tag == 0xcb) {
    if (!Number(8, bits)) return false;
    plain.kind = Kind::kReal;
    plain.real = DoubleOf(bits);
  } else if (tag >= 0xcc && tag <= 0xcf) {
    if (!Number(step(0xcc), bits)) return false;
    plain.kind = bits >> 63 ? Kind::kHuge : Kind::kWhole;
    plain.whole = bits >> 63 ? 0 : static_cast<std::int64_t>(bits);
  } else if (tag >= 0xd0 && tag <= 0xd3) {
    const std::size_t size = step(0xd0);
    if (!Number(size, bits)) return false;
    const auto unused = static_cast<int>(64 - 8 * size);
    const std::uint64_t sign = std::uint64_t{1} << (63 - unused);
    // Two's complement of `size` bytes, without a shift of a negative number.
    plain.kind = Kind::kWhole;
    plain.whole = bits & sign ? -static_cast<std::int64_t>(sign - 1 - (bits & (sign - 1))) - 1
                              : static_cast<std::int64_t>(bits);
  } else if (tag >= 0xd9 && tag <= 0xdb) {
    return Sized(step(0xd9), Kind::kText, plain);
  } else if (tag == 0xdc || tag == 0xdd) {
    return Sized(tag == 0xdc ? 2 : 4, Kind::kList, plain);
  } else if (tag == 0xde || tag == 0xdf) {
    return Sized(tag == 0xde ? 2 : 4, Kind::kMap, plain);
  } else {
    return false;
  }
  return true;
}

bool Cursor::Skip() {
  Plain plain;
  for (std::uint64_t left = 1; left > 0; --left) {
    if (!Next(plain)) return false;
    if (plain.kind == Kind::kList) left += plain.count;
    if (plain.kind == Kind::kMap) left += 2 * std::uint64_t{plain.count};
  }
  return true;
}

void Packer::Big(std::uint64_t number, int bytes) {
  for (int k = bytes - 1; k >= 0; --k) Byte(static_cast<std::uint8_t>(number >> (8 * k) & 0xff));
}

void Packer::Whole(std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  if (number >= -32 && number < 0x80) return Byte(static_cast<std::uint8_t>(bits & 0xff));
  int step = 3;
  if (number >= 0) {
    if (number < 0x100) step = 0;
    else if (number < 0x10000) step = 1;
    else if (number < 0x100000000) step = 2;
  } else {
    if (number >= -0x80) step = 0;
    else if (number >= -0x8000) step = 1;
    else if (number >= -0x80000000LL) step = 2;
  }
  Byte(static_cast<std::uint8_t>((number >= 0 ? 0xcc : 0xd0) + step));
  Big(bits, 1 << step);
}

void Packer::Real(double number) {
  Byte(0xcb);
  Big(BitsOf(number), 8);
}

void Packer::Figure(double number) {
  const bool is_whole = std::abs(number) < 9007199254740992.0 && std::floor(number) == number;
  if (is_whole) Whole(static_cast<std::int64_t>(number));
  else Real(number);
}

void Packer::Text(std::string_view text) {
  const std::size_t size = text.size();
  if (size < 32) Byte(static_cast<std::uint8_t>(0xa0 | size));
  else {
    const int step = size < 0x100 ? 0 : size < 0x10000 ? 1 : 2;
    Byte(static_cast<std::uint8_t>(0xd9 + step));
    Big(size, 1 << step);
  }
  Raw({reinterpret_cast<const std::uint8_t*>(text.data()), size});
}

void Packer::Bin(Bytes bytes) {
  const int step = bytes.size < 0x100 ? 0 : bytes.size < 0x10000 ? 1 : 2;
  Byte(static_cast<std::uint8_t>(0xc4 + step));
  Big(bytes.size, 1 << step);
  Raw(bytes);
}

void Packer::Raw(Bytes packed) {
  if (packed.size > 0) out_.insert(out_.end(), packed.data, packed.data + packed.size);
}

void Packer::Head(std::uint32_t count, std::uint8_t fixed, std::uint8_t wide) {
  if (count < 16) return Byte(static_cast<std::uint8_t>(fixed | count));
  Byte(static_cast<std::uint8_t>(count < 0x10000 ? wide : wide + 1));
  Big(count, count < 0x10000 ? 2 : 4);
}

}  // namespace a2f
