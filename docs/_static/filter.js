/* A field above each long table: only rows in which every typed word occurs stay. Nothing is loaded, nothing is kept. */
document.addEventListener("DOMContentLoaded", () => {
  const chinese = document.documentElement.lang.startsWith("zh");
  const say = chinese
    ? { label: "筛选本表", count: (shown, all) => `共 ${all} 行，显示 ${shown} 行` }
    : { label: "Filter this table", count: (shown, all) => `${shown} of ${all} rows` };
  const folded = (text) => text.normalize("NFKC").toLowerCase();

  document.querySelectorAll(".filtered").forEach((box, number) => {
    const rows = [...box.querySelectorAll("tbody tr")];
    const texts = rows.map((row) => folded(row.textContent));
    const bar = document.createElement("div");
    const label = document.createElement("label");
    const field = document.createElement("input");
    const count = document.createElement("output");
    bar.className = "filter";
    label.htmlFor = field.id = `filter-${number}`;
    label.textContent = say.label;
    field.type = "search";
    field.autocomplete = "off";
    count.htmlFor = field.id;
    bar.append(label, field, count);
    box.before(bar);

    const show = () => {
      const words = folded(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, place) => {
        const fits = words.every((word) => texts[place].includes(word));
        row.hidden = !fits;
        shown += fits;
      });
      count.textContent = say.count(shown, rows.length);
    };
    field.addEventListener("input", show);
    show();
  });
});
