// Makes a presented page fit the screen: as large as it can be, and never smaller than its least size.
// It runs in the browser, because only the browser knows how large a page came out.

export default function ({ data }) {
  const { least } = data;
  const main = document.querySelector('[data-testid="stMain"]');
  const box = document.querySelector('[data-testid="stMainBlockContainer"]');
  const shrink = () => {
    let size = 1;
    box.style.zoom = size;
    // A smaller page is also a wider one, and what is wider is lower: it is tried, not reckoned.
    while (size > least && main.scrollHeight > main.clientHeight) {
      size = Math.max(Math.round((size - 0.02) * 100) / 100, least);
      box.style.zoom = size;
    }
    document.documentElement.dataset.fitted = size;
  };
  const late = [0, 400, 1200].map((wait) => setTimeout(shrink, wait));
  addEventListener("resize", shrink);
  return () => {
    late.forEach(clearTimeout);
    removeEventListener("resize", shrink);
    box.style.zoom = "";
    delete document.documentElement.dataset.fitted;
  };
}
