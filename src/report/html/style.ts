import { tokens } from './theme.ts';

const scheme = (which: 0 | 1) =>
  Object.entries(tokens)
    .map(([name, values]) => `--${name}:${values[which]}`)
    .join(';');

/**
 * The page's style: both schemes, print, and small screens. A table that extends beyond the right edge has a shadow
 * there. The shadow stays at the edge (`scroll`); its cover at the table's end moves with the table (`local`).
 */
export const style = `
:root{color-scheme:light dark;${scheme(0)};--page:#f4f6f8;--accent:#0b5fa0;--soft:#eaf0f6;--shadow:0 1px 2px #1b243014;--edge:#1b243038}
@media (prefers-color-scheme:dark){:root{${scheme(1)};--page:#0e1319;--accent:#7cc0f0;--soft:#202a35;--shadow:none;--edge:#000000b0}}
*{box-sizing:border-box}
html{scroll-padding-top:3.5rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
header,main,footer{max-width:76rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.25rem;padding-bottom:1rem}
h1{font-size:1.9rem;line-height:1.2;margin:0;letter-spacing:-.015em;overflow-wrap:anywhere}
header p{margin:.4rem 0 0;color:var(--muted)}
nav{position:sticky;top:0;z-index:5;background:var(--page);border-bottom:1px solid var(--grid)}
nav ul{max-width:76rem;margin:0 auto;padding:.5rem 1.25rem;display:flex;gap:.25rem 1.1rem;overflow-x:auto;list-style:none;white-space:nowrap;scrollbar-width:thin}
nav a{color:var(--muted);text-decoration:none;font-size:.875rem;line-height:1.9}
nav a:hover{color:var(--ink);text-decoration:underline}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
section{margin:2.5rem 0}
h2{font-size:1.35rem;line-height:1.3;margin:0 0 .75rem;letter-spacing:-.01em}
h3{font-size:.95rem;line-height:1.4;margin:0;font-weight:600;overflow-wrap:anywhere}
h3.group{font-size:1.05rem;margin:1.75rem 0 .5rem}
section>p{max-width:48rem;margin:.5rem 0 1rem}
.note,figcaption{color:var(--muted);font-size:.85rem;line-height:1.5}
section>.note{margin-top:.75rem}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--soft);padding:.1em .35em;border-radius:4px;overflow-wrap:anywhere}
.missing{border-left:3px solid var(--muted);padding:.6rem 1rem;background:var(--surface);color:var(--muted);border-radius:0 6px 6px 0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,15rem),1fr));gap:1rem;margin:0 0 1.25rem}
.card{background:var(--surface);border:1px solid var(--grid);border-radius:10px;padding:.85rem 1.1rem;box-shadow:var(--shadow)}
.card dt{color:var(--muted);font-size:.85rem}
.card dd{margin:0;overflow-wrap:anywhere}
.card strong{display:block;font-size:1.45rem;line-height:1.35;font-weight:650;font-variant-numeric:tabular-nums}
.card span{color:var(--muted);font-size:.875rem}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,27rem),1fr));gap:1.25rem;align-items:start}
.plots+.plots{margin-top:1.25rem}
.plot,.table{background:var(--surface);border:1px solid var(--grid);border-radius:10px;box-shadow:var(--shadow);margin:0;min-width:0}
.plot{padding:.85rem 1rem 1rem}
.plot figcaption{margin-top:.35rem}
.plots.small{grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr))}
.plot details{margin:.5rem 0 0}
.plot .table{box-shadow:none;margin:.5rem 0 0}
.bar{display:flex;gap:.75rem;justify-content:space-between;align-items:flex-start}
.picture svg{display:block;width:100%;height:auto}
.picture [data-tip]:hover{filter:brightness(1.12)}
.table{margin:1rem 0}
.table .bar{padding:.75rem 1rem .5rem}
.scroll{overflow-x:auto;background:linear-gradient(to left,var(--surface) 40%,transparent) right/3rem 100% no-repeat local,linear-gradient(to left,var(--edge),transparent) right/1.25rem 100% no-repeat scroll;border-top:1px solid var(--grid);border-radius:0 0 10px 10px}
.scroll.tall{max-height:32rem;overflow-y:auto}
.tall thead th{position:sticky;top:0;background:var(--surface);z-index:1}
.tall thead th:first-child{z-index:2}
table{border-collapse:collapse;width:100%;font-size:.85rem;line-height:1.4;font-variant-numeric:tabular-nums}
th,td{padding:.4rem .75rem;text-align:left;white-space:nowrap;border-bottom:1px solid var(--grid);font-weight:400}
tbody tr:last-child>*{border-bottom:0}
tbody tr:hover>*{background:var(--soft)}
thead th{color:var(--muted);font-weight:600;vertical-align:bottom}
tbody th{font-weight:600;position:sticky;left:0;background:var(--surface)}
thead th:first-child{position:sticky;left:0;background:var(--surface)}
.n{text-align:right}
td.long{white-space:normal;min-width:15rem;max-width:52rem;overflow-wrap:anywhere}
thead th{white-space:normal}
thead th.n{min-width:4.5rem}
#designs-all thead th{cursor:pointer}
#designs-all tbody tr{cursor:pointer}
tr.selected>*{background:var(--soft)}
.controls{background:var(--surface);border:1px solid var(--grid);border-radius:10px;box-shadow:var(--shadow);padding:.85rem 1rem;margin:0 0 .75rem}
.controls label{color:var(--muted);font-size:.85rem}
.controls select,.controls input:not([type=checkbox]){font:inherit;font-size:.85rem;color:var(--ink);background:var(--page);border:1px solid var(--grid);border-radius:6px;padding:.3rem .45rem;max-width:100%}
.pick{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:end}
.pick label:not(.check){display:grid;gap:.15rem;min-width:0}
.pick .check{padding-bottom:.3rem}
.filters{display:flex;flex-wrap:wrap;gap:.6rem 1.25rem;margin-top:.75rem}
.filters:empty{display:none}
fieldset{border:0;margin:0;padding:0;min-width:0}
legend{padding:0;color:var(--muted);font-size:.85rem}
.chips{display:flex;flex-wrap:wrap;gap:.3rem;margin-top:.2rem}
.chip{display:inline-flex;cursor:pointer}
.chip input{position:absolute;opacity:0;pointer-events:none}
.chip span{border:1px solid var(--grid);border-radius:999px;padding:.1rem .6rem;color:var(--muted);line-height:1.5;text-decoration:line-through}
.chip input:checked+span{color:var(--ink);background:var(--soft);border-color:var(--muted);text-decoration:none}
.chip input:focus-visible+span{outline:2px solid var(--accent);outline-offset:2px}
.filters details{flex-basis:100%;margin:0}
.limits{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,16rem),1fr));gap:.5rem 1rem;margin-top:.4rem}
.limits label{display:grid;gap:.15rem}
.entry{display:flex;gap:.4rem;align-items:center}
.entry input{width:7rem}
.count{margin:.25rem 0 .5rem;color:var(--muted);font-size:.9rem}
.count:empty{display:none}
#explorer .plot{max-width:none}
#explorer [data-design]{cursor:pointer}
.details{margin:.75rem 0}
.details:empty{display:none}
.details:has(dl){background:var(--surface);border:1px solid var(--grid);border-radius:10px;box-shadow:var(--shadow);padding:.85rem 1rem}
.details h4{margin:.25rem 0 .35rem;font-size:.85rem;font-weight:600}
.details p{font-size:.9rem;margin:.5rem 0}
.details .scroll{margin-top:.75rem;border-radius:0}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:.75rem 2rem;margin-top:.5rem}
.details dl{display:grid;grid-template-columns:auto 1fr;gap:.2rem 1rem;margin:0;font-size:.85rem;align-content:start}
.details dt{color:var(--muted)}
.details dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.parts{display:grid;grid-template-columns:minmax(4rem,auto) minmax(2rem,1fr) auto;gap:.2rem .6rem;align-items:center;font-size:.8rem;margin-bottom:.5rem}
.part i{display:block;height:.6rem;border-radius:3px;background:var(--blue)}
button.link{font:inherit;color:var(--accent);background:none;border:0;padding:0;cursor:pointer;text-align:left}
ul.advice{margin:.5rem 0 0;padding:.85rem 1rem .85rem 2rem;background:var(--surface);border:1px solid var(--grid);border-radius:10px;box-shadow:var(--shadow);display:grid;gap:.5rem}
.advice .note{display:block}
details{margin:.75rem 0}
summary{cursor:pointer;color:var(--accent);font-size:.9rem;padding:.15rem 0}
button.save{flex:none;font:600 .75rem/1 inherit;font-family:inherit;color:var(--accent);background:none;border:1px solid var(--grid);border-radius:6px;padding:.35rem .55rem;cursor:pointer}
button.save:hover{background:var(--soft)}
#tip{position:fixed;z-index:9;pointer-events:none;max-width:22rem;background:var(--ink);color:var(--surface);font-size:.8rem;line-height:1.4;padding:.35rem .6rem;border-radius:6px}
footer{color:var(--muted);font-size:.85rem;padding-top:1rem;padding-bottom:2.5rem}
@media (max-width:62rem){.plots{grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1rem}}
@media (max-width:40rem){header,main,footer{padding-left:.8rem;padding-right:.8rem}nav ul{padding-left:.8rem;padding-right:.8rem}h1{font-size:1.5rem}.plot{padding:.7rem .6rem .8rem}th,td{padding:.4rem .55rem}tbody th,.scroll:not(.tall) thead th:first-child{position:static}.tall thead th:first-child{left:auto}tbody th{white-space:normal;min-width:8rem;overflow-wrap:anywhere}.stacked thead{display:none}.stacked table,.stacked tbody{display:block}.stacked tr{display:grid;grid-template-columns:minmax(0,11rem) minmax(0,1fr);gap:.1rem .9rem;padding:.5rem .55rem;border-bottom:1px solid var(--grid)}.stacked th{grid-column:1/-1;padding:0;border:0}.stacked td,.stacked td.long{display:contents;white-space:normal;text-align:left}.stacked td::before{content:attr(data-head);color:var(--muted)}}
@media print{:root{${scheme(0)};--page:#fff;--soft:#fff;--shadow:none;--edge:transparent}nav,button.save,#tip,.controls{display:none}.scroll.tall{max-height:none}.plot,.card,tr{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}body{font-size:.85rem}}
`;
