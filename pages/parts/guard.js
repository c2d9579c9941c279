// Whether a wall's picture is alive. It runs in the browser, because the server is what may have died.
// Nothing is fetched but the server's own health; every word comes with the last picture.
const CHECK_MS = 5000;
const TICKS = 24;
const MASK = "citysigns-mask";

const clock = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour12: false });

function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function line(text, size, weight) {
  const made = document.createElement("div");
  made.textContent = text;
  made.style.cssText = `font-size:${size}px;font-weight:${weight};line-height:1.4`;
  return made;
}

function cover(head, lines, { ink, paper }) {
  const mask = document.getElementById(MASK) || document.createElement("div");
  mask.id = MASK;
  mask.setAttribute("role", "alert");
  mask.style.cssText =
    "position:fixed;inset:0;z-index:2147483647;display:flex;align-items:center;justify-content:center;" +
    "backdrop-filter:grayscale(1) brightness(.45);font-family:inherit;" +
    `border:14px dashed ${ink}`;
  const box = document.createElement("div");
  box.style.cssText = `background:${ink};color:${paper};padding:40px 64px;text-align:center;max-width:80vw`;
  box.append(line(head, 104, 700), ...lines.map((text, at) => line(text, at ? 30 : 44, at ? 400 : 700)));
  mask.replaceChildren(box);
  if (!mask.isConnected) document.body.append(mask);
}

function uncover() {
  const mask = document.getElementById(MASK);
  if (mask) mask.remove();
}

async function answers() {
  try {
    const said = await fetch(new URL("_stcore/health", document.baseURI), { cache: "no-store", signal: AbortSignal.timeout(4000) });
    return said.ok;
  } catch {
    return false;
  }
}

function draw(state) {
  const ticks = document.querySelector(".wall .ticks");
  const now = document.querySelector(".wall .now");
  if (ticks) ticks.textContent = "▮".repeat(state.ticks % TICKS) + "▯".repeat(TICKS - (state.ticks % TICKS));
  if (now) now.textContent = clock(Date.now());
}

// Alive means both: the server answers, and it has sent a picture. The older of the two counts.
function judge(state) {
  const last = Math.min(state.answered, state.pictured);
  const facts = state.facts;
  if (Date.now() - last > facts.patience * 1000) {
    const told = facts.last.replace("{time}", clock(last)).replace("{span}", span(Date.now() - last));
    cover(facts.frozen, [told, facts.stands, facts.call], facts);
  } else if (facts.is_old) {
    cover(facts.old, [facts.stands, facts.call], facts);
  } else {
    uncover();
  }
}

async function check(state) {
  if (!document.querySelector(".wall")) {
    window.clearInterval(state.timer);
    window.citysignsWall = undefined;
    uncover();
    return;
  }
  judge(state);
  if (await answers()) {
    state.answered = Date.now();
    state.ticks += 1;
    draw(state);
    if (Date.now() - state.turned >= state.facts.each * 1000) {
      state.turned = Date.now();
      state.turn("turn", state.ticks);
    }
  }
  judge(state);
}

export default function ({ data, setTriggerValue }) {
  const now = Date.now();
  const state = window.citysignsWall || { ticks: 0, answered: now, pictured: now, turned: now, beat: "" };
  if (state.beat !== data.beat) state.pictured = now;
  state.beat = data.beat;
  state.facts = data;
  state.turn = setTriggerValue;
  if (!state.timer) state.timer = window.setInterval(() => check(state), CHECK_MS);
  window.citysignsWall = state;
  draw(state);
  judge(state);
}
