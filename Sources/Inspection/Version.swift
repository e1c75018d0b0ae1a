// SPDX-License-Identifier: GPL-3.0-or-later

/// The version of magcert, as it is archived and printed.
public let magcertVersion = "0.1.0"
