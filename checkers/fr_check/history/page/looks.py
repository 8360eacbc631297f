"""How the page looks, light, dark and printed, and the script that sorts its tables: nothing needs it."""

STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--card:#f6f8fa;
--error:#b3261e;--warning:#8a5300;--info:#0b5cad;--event:#6f2da8}
@media(prefers-color-scheme:dark){:root{--paper:#0f1419;--ink:#e6edf3;--soft:#9aa7b4;--line:#30363d;--card:#171d24;
--error:#ff8f87;--warning:#f0b355;--info:#79b8ff;--event:#d2a8ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1180px;padding:16px;background:var(--paper);color:var(--ink);
font:15px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:.2em 0}h2{font-size:1.15rem;margin:1.6em 0 .5em}
p{margin:.3em 0;color:var(--soft)}small{color:var(--soft)}
.cards{display:flex;flex-wrap:wrap;gap:10px;margin:12px 0}
.cards div{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:8px 14px}
.cards dt{color:var(--soft);font-size:.85rem}.cards dd{margin:0;font-size:1.3rem;font-weight:600}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:5px 8px;border-bottom:1px solid var(--line)}
th{position:sticky;top:0;background:var(--paper);font-size:.85rem;color:var(--soft)}
@media(min-width:701px){th{white-space:nowrap}td:first-child{min-width:300px}.bar{min-width:120px}}
th button{all:unset;cursor:pointer}th button:focus-visible,.bar:focus-visible{outline:2px solid var(--info)}
tr{break-inside:avoid}.whole{white-space:nowrap}
.bar{display:block;width:200px;height:14px;max-width:100%;
background:linear-gradient(var(--line),var(--line)) 0 50%/100% 2px no-repeat}
.life{fill:var(--warning)}.life.error{fill:var(--error)}
.life.open{stroke:var(--ink);stroke-width:1;stroke-dasharray:2 2}
.unjudged{fill:none;stroke:var(--soft);stroke-width:10;stroke-dasharray:1.5 2.5}
rect.unjudged{stroke-width:1;fill:var(--card)}
svg text{fill:var(--ink)}
.narrow{display:none}.wide svg,.narrow svg{width:100%;height:auto}
@media(max-width:700px){.wide{display:none}.narrow{display:block}
thead{position:absolute;left:-9999px}table,tbody,tr,td{display:block;width:100%}
tr{border-bottom:2px solid var(--line);padding:6px 0}
td{border:0;display:flex;gap:8px;padding:2px 0}td::before{content:attr(data-name);flex:0 0 92px;color:var(--soft);
font-size:.85rem}td>div{min-width:0;flex:1}td:has(div:empty){display:none}}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--card:#fff;--error:#b3261e;
--warning:#8a5300;--info:#0b5cad;--event:#6f2da8}body{padding:0;font-size:9.5pt}th{position:static}
th,td{padding:3px 5px}td:first-child{min-width:0}.bar{width:90px;min-width:60px}
.narrow{display:none}.wide{display:block}}
""".strip()

SCRIPT = """
document.querySelectorAll("th").forEach(function (head) {
  var button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  head.textContent = "";
  head.appendChild(button);
  button.addEventListener("click", function () {
    var body = head.closest("table").tBodies[0];
    var down = head.getAttribute("aria-sort") !== "descending";
    head.parentNode.querySelectorAll("th").forEach(function (one) { one.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    var key = function (row) {
      var cell = row.cells[head.cellIndex], marked = cell.querySelector("[data-sort]");
      return marked ? marked.getAttribute("data-sort") : cell.textContent.trim();
    };
    Array.from(body.rows).sort(function (one, other) {
      var order = key(one).localeCompare(key(other), undefined, { numeric: true });
      return down ? -order : order;
    }).forEach(function (row) { body.appendChild(row); });
  });
});
""".strip()
