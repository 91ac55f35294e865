() => {
  const wrong = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) wrong.push(`the page is ${document.documentElement.scrollWidth} wide on ${width} pixels`);

  // The visible rectangle of each piece of text.
  const seen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.closest('.unseen, .skip, title, option')) continue;
    const drawing = element.closest('svg');
    const scale = drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : 1;
    const size = parseFloat(getComputedStyle(element).fontSize) * scale;
    if (size < (drawing ? 11 : 12)) wrong.push(`“${node.data.trim()}” has ${size.toFixed(1)} pixels`);
    const around = element.closest('.scroll, nav ol')?.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const r of range.getClientRects()) {
      if (!around && (r.left < 0 || r.right > width + 1)) wrong.push(`“${node.data.trim()}” leaves the page`);
      if (!around || (r.left >= around.left && r.right <= around.right && r.top >= around.top && r.bottom <= around.bottom)) seen.push({ text: node.data.trim(), element, r });
    }
  }

  const across = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const down = (a, b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  for (const [i, a] of seen.entries()) {
    for (const b of seen.slice(i + 1)) {
      if (a.element !== b.element && across(a.r, b.r) > 1 && down(a.r, b.r) > 4) wrong.push(`“${a.text}” and “${b.text}” overlap`);
    }
  }
  return wrong;
}
