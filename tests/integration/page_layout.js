// Returns what is wrong with the layout of the page that is open: text that is cut, covered, too small, or hard to read.
() => {
  const MIN_FONT = 11, MIN_CONTRAST = 4.5;
  const problems = [];
  const width = document.documentElement.clientWidth;
  const report = (text, problem) => problems.push(`"${text.slice(0, 50)}" ${problem}`);

  const isClipped = element => {
    for (let node = element; node; node = node.parentElement) if (getComputedStyle(node).clipPath !== "none") return true;
    return false;
  };
  const isShown = element =>
    element.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true }) && !isClipped(element);

  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const parseColor = color => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map(value => value / 255).map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const findBackground = element => {
    for (let node = element; node; node = node.parentElement) {
      const color = parseColor(getComputedStyle(node).backgroundColor);
      if (getComputedStyle(node).backgroundImage !== "none") return null;
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const contrast = element => {
    const background = findBackground(element);
    if (!background) return Infinity;
    const [dark, light] = [luminance(parseColor(getComputedStyle(element).color)), luminance(background)].sort((one, other) => one - other);
    return (light + 0.05) / (dark + 0.05);
  };
  const checkFrames = (element, rect, text) => {
    for (let parent = element; parent && parent !== document.body; parent = parent.parentElement) {
      const style = getComputedStyle(parent);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const frame = parent.getBoundingClientRect();
      if (rect.left < frame.left - 1 || rect.right > frame.right + 1 || rect.top < frame.top - 1 || rect.bottom > frame.bottom + 1)
        report(text, "is cut by the box around it");
    }
  };

  if (document.documentElement.scrollWidth > width) report("page", `is ${document.documentElement.scrollWidth} px wide, the screen ${width}`);
  const boxes = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode, text = node.textContent.trim(), element = node.parentElement;
    if (!text || !isShown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter(rect => rect.width > 0 && rect.height > 0);
    if (!rects.length) continue;
    const scale = element instanceof SVGElement ? element.getCTM().d : 1;
    const size = scale * parseFloat(getComputedStyle(element).fontSize);
    if (size < MIN_FONT) report(text, `has ${size} px`);
    if (contrast(element) < MIN_CONTRAST) report(text, `has a contrast of ${contrast(element).toFixed(2)}`);
    for (const rect of rects) {
      if (rect.left < -0.5 || rect.right > width + 0.5) report(text, `reaches from ${rect.left} to ${rect.right}`);
      checkFrames(element, rect, text);
      boxes.push({ left: rect.left, right: rect.right, top: rect.top, bottom: rect.bottom, text, node });
    }
  }
  boxes.sort((one, other) => one.top - other.top);
  boxes.forEach((one, index) => {
    for (let next = index + 1; next < boxes.length && boxes[next].top < one.bottom; next++) {
      const other = boxes[next];
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - other.top;
      const covered = across > 1 && down > 0.25 * Math.min(one.bottom - one.top, other.bottom - other.top);
      if (one.node !== other.node && covered) report(one.text, `and "${other.text.slice(0, 50)}" overlap`);
    }
  });
  return { texts: boxes.length, problems: [...new Set(problems)] };
}
