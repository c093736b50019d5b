#pragma once
/// Random changes of valid files, for tests of readers.

#include "core/base/random.h"

#include <algorithm>
#include <string>

namespace zipml::test {

/// A few bytes flipped, removed, repeated or made extreme, or the file cut.
inline std::string changed(std::string bytes, const RandomStream& random, std::uint32_t number) {
    std::uint32_t draw = 0;
    const auto pick = [&](std::size_t below) {
        return static_cast<std::size_t>(random.uniform(number, draw++) * static_cast<double>(below));
    };
    for (std::size_t changes = 1 + pick(4); changes > 0 && !bytes.empty(); --changes) {
        const std::size_t at = pick(bytes.size());
        switch (pick(7)) {
        case 0:
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << pick(8)));
            break;
        case 1:
            bytes.erase(at, 1 + pick(30));
            break;
        case 2:
            bytes.insert(at, bytes.substr(pick(bytes.size()), pick(50)));
            break;
        case 3:
            bytes.replace(at, std::min<std::size_t>(bytes.size() - at, 1 + pick(8)), 8, '\xFF');
            break;
        case 4:
            bytes.insert(at, 1, " \t,;:\"\n\r#-+eE.019?\x00\xFF"[pick(20)]);
            break;
        case 5:
            bytes.insert(at, std::string("-1e999,\"[{:\n0 nan")).resize(bytes.size());
            break;
        default:
            if (pick(4) == 0)
                bytes.resize(at);
            else
                bytes[at] = static_cast<char>(pick(256));
        }
    }
    return bytes;
}

} // namespace zipml::test
