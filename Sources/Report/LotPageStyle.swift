// SPDX-License-Identifier: GPL-3.0-or-later
internal import FoundationEssentials
internal import Measurements

/// The looks of a page about a lot, and the program that sorts and filters its table.
enum LotPageStyle {
  /// Forbids all but this style sheet and this program, by their digests (W3C Content Security Policy 3, 6.7.3.3).
  static let securityPolicy =
    "default-src 'none'; style-src '\(digest(of: sheet))'; script-src '\(digest(of: program))'; base-uri 'none'; "
    + "form-action 'none'"

  private static func digest(of text: String) -> String {
    "sha256-" + Data(ContentHash(of: Array(text.utf8)).bytes).base64EncodedString()
  }

  /// The style sheet.
  static let sheet = """

    :root { --paper: #fff; --ink: #1c2127; --soft: #5a6470; --rule: #d5dae0; --band: #f3f5f7;
      --good: #1a6e33; --fair: #7a5900; --poor: #a03d00; --bad: #b3141f; --blue: #164a8a; --brown: #a3560f;
      --violet: #6b3fa0; --bar: #7fa3cf; --outside: #b3141f; }
    @media (prefers-color-scheme: dark) { :root { --paper: #14171b; --ink: #e4e8ec; --soft: #a0aab5; --rule: #3a424c;
      --band: #1e2329; --good: #6fcf87; --fair: #e0b84a; --poor: #f09a56; --bad: #ff7b7f; --blue: #7db2f2;
      --brown: #e0a060; --violet: #b99ae8; --bar: #3f648f; --outside: #ff7b7f; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 76rem; padding: 1rem 1.25rem 3rem; background: var(--paper); color: var(--ink);
      font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif; }
    h1 { margin: 0.4rem 0; font-size: 1.7rem; overflow-wrap: anywhere; }
    h2 { margin: 2rem 0 0.5rem; font-size: 1.2rem; break-after: avoid; }
    p { margin: 0.35rem 0; max-width: 60rem; }
    .note, figcaption { color: var(--soft); font-size: 0.87rem; }
    .decision { font-size: 1.15rem; font-weight: 650; }
    .pass, .accepted { --kind: var(--good); } .conditional-pass { --kind: var(--fair); }
    .conditional-fail { --kind: var(--poor); } .fail, .rejected { --kind: var(--bad); }
    .undetermined, .unread { --kind: var(--violet); } .unjudged { --kind: var(--soft); }
    .decision { border-left: 0.4rem solid var(--kind); padding-left: 0.7rem; color: var(--kind); }
    dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(21rem, 1fr)); gap: 0.15rem 1.5rem;
      margin: 0.8rem 0; }
    dl div { display: flex; gap: 0.6rem; min-width: 0; }
    dl div.wide { grid-column: 1 / -1; }
    dt { flex: none; width: 8.5rem; color: var(--soft); }
    dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
    table { border-collapse: collapse; width: 100%; margin: 0.6rem 0 0.4rem; font-size: 0.9rem;
      font-variant-numeric: tabular-nums; }
    table.small { width: auto; min-width: 20rem; }
    caption { text-align: left; font-weight: 650; padding: 0.8rem 0 0.35rem; font-size: 1.05rem; }
    #pieces caption { font-weight: 400; font-size: 0.87rem; color: var(--soft); padding-top: 0.2rem; }
    th, td { padding: 0.22rem 0.5rem; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: top; }
    tbody th { text-align: left; font-weight: 500; overflow-wrap: anywhere; }
    tbody th[class] { color: var(--kind); }
    thead th { font-weight: 600; vertical-align: bottom; border-bottom: 2px solid var(--rule); }
    #statistics thead th:first-child, .small thead th:first-child, #pieces thead th:nth-child(2), #pieces thead th:nth-child(3), #pieces td.verdict,
    #pieces th:last-child, #pieces td:last-child { text-align: left; }
    #statistics td, #pieces td:nth-child(n+4):nth-child(-n+9) { white-space: nowrap; }
    #pieces tbody th { min-width: 6rem; }
    #pieces td.verdict { color: var(--kind); font-weight: 600; }
    #pieces tbody tr:nth-child(even) { background: var(--band); }
    #pieces thead th { position: sticky; top: 0; background: var(--paper); }
    #pieces thead span { cursor: pointer; }
    #pieces thead span:focus-visible, #controls input:focus-visible { outline: 2px solid var(--blue);
      outline-offset: 2px; }
    th[aria-sort="ascending"] span::after { content: " ▲"; }
    th[aria-sort="descending"] span::after { content: " ▼"; }
    #controls { display: flex; flex-wrap: wrap; gap: 0.7rem; align-items: center; margin: 0.5rem 0; }
    #controls:empty { display: none; }
    #controls input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft);
      border-radius: 0.25rem; padding: 0.25rem 0.5rem; width: 18rem; max-width: 100%; }
    .diagrams { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 0 1.5rem; }
    figure { margin: 0.4rem 0 1rem; break-inside: avoid; min-width: 0; }
    svg { display: block; width: 100%; height: auto; overflow: visible; }
    svg text { font-size: 11px; fill: var(--ink); }
    svg .soft { fill: var(--soft); }
    svg line, svg polyline, svg path { fill: none; stroke: var(--ink); stroke-width: 1; vector-effect: non-scaling-stroke; }
    svg .grid { stroke: var(--rule); } svg .frame { stroke: var(--soft); }
    svg .bar { fill: var(--bar); stroke: var(--paper); stroke-width: 0.6; }
    svg .outside { fill: var(--outside); opacity: 0.1; }
    svg .limit { stroke: var(--bad); stroke-width: 1.8; } svg text.limit { fill: var(--bad); stroke: none; }
    svg .control { stroke: var(--brown); stroke-dasharray: 6 3; stroke-width: 1.4; }
    svg .mean { stroke: var(--ink); stroke-dasharray: 7 3 1.5 3; }
    svg text.mean { stroke: none; }
    svg .tolerance { stroke: var(--violet); stroke-dasharray: 4 3; stroke-width: 1.4; }
    svg text.tolerance { fill: var(--violet); stroke: none; }
    svg .normal { stroke: var(--ink); stroke-width: 1.1; }
    svg .values { stroke: var(--blue); } svg .point { fill: var(--blue); stroke: none; }
    svg .signal { fill: var(--bad); stroke: var(--paper); stroke-width: 0.6; }
    svg .polarisation { stroke: var(--blue); stroke-width: 0.8; opacity: 0.55; }
    svg .flux { stroke: var(--brown); stroke-width: 0.8; stroke-dasharray: 5 2.5; opacity: 0.55; }
    svg .bad { stroke: var(--bad); stroke-width: 1.5; opacity: 0.9; }
    @media print {
      @page { size: A4; margin: 12mm 11mm; }
      :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --rule: #bbb; --band: #fff; --good: #1a6e33;
        --fair: #7a5900; --poor: #a03d00; --bad: #b3141f; --blue: #164a8a; --brown: #a3560f; --violet: #6b3fa0;
        --bar: #9db8da; --outside: #b3141f; }
      body { max-width: none; padding: 0; font-size: 9.5pt; }
      h2 { font-size: 12pt; margin-top: 1rem; } .note, figcaption { font-size: 8pt; }
      table { font-size: 7.3pt; } th, td { padding: 0.12rem 0.25rem; }
      #pieces tbody th { min-width: 3.8rem; }
      #controls { display: none; }
      thead { display: table-header-group; } tr { break-inside: avoid; }
      #pieces thead th { position: static; }
      .diagrams { grid-template-columns: 1fr 1fr; }
      svg .bar, svg .outside, svg .signal { print-color-adjust: exact; }
    }

    """

  /// The program, which makes the filter and buttons in the headings; without it the page reads the same.
  ///
  /// The buttons are no `button` elements, because Chromium leaves those out of the heads that it repeats on paper.
  static let program = """

    "use strict";
    (function () {
      var table = document.getElementById("pieces");
      if (!table) { return; }
      var body = table.tBodies[0];
      var rows = Array.from(body.rows);
      var words = new Map(rows.map(function (row) { return [row, row.textContent.toLowerCase()]; }));
      var controls = document.getElementById("controls");
      var label = document.createElement("label");
      label.htmlFor = "filter";
      label.textContent = "Show rows with";
      var field = document.createElement("input");
      field.id = "filter";
      field.type = "search";
      field.title = "a name, a verdict, a limit";
      var shown = document.createElement("output");
      shown.htmlFor = "filter";
      controls.append(label, field, shown);
      function filter() {
        var wanted = field.value.trim().toLowerCase();
        var count = 0;
        rows.forEach(function (row) {
          row.hidden = !words.get(row).includes(wanted);
          if (!row.hidden) { count += 1; }
        });
        shown.textContent = count + " of " + rows.length + " rows";
      }
      field.addEventListener("input", filter);
      filter();
      var order = new Intl.Collator("en", { numeric: true }).compare;
      function key(row, column) {
        var cell = row.cells[column];
        var value = cell.dataset.value;
        return value === undefined ? cell.textContent : Number(value);
      }
      function compared(a, b) {
        var kinds = [typeof a, typeof b];
        if (kinds[0] !== kinds[1]) { return kinds[0] === "number" ? -1 : 1; }
        return kinds[0] === "number" ? a - b : order(a, b);
      }
      Array.from(table.tHead.rows[0].cells).forEach(function (heading, column) {
        var button = document.createElement("span");
        button.setAttribute("role", "button");
        button.tabIndex = 0;
        button.textContent = heading.textContent;
        heading.replaceChildren(button);
        button.addEventListener("keydown", function (event) {
          if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            button.click();
          }
        });
        button.addEventListener("click", function () {
          var falls = heading.getAttribute("aria-sort") === "ascending";
          Array.from(table.tHead.rows[0].cells).forEach(function (other) { other.removeAttribute("aria-sort"); });
          heading.setAttribute("aria-sort", falls ? "descending" : "ascending");
          rows.map(function (row) { return [key(row, column), row]; })
            .sort(function (a, b) { return (falls ? -1 : 1) * compared(a[0], b[0]); })
            .forEach(function (pair) { body.append(pair[1]); });
        });
      });
    })();

    """
}
