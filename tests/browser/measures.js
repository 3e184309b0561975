// What is measured in a page as it stands: each measure gives a list of troubles, one line a place. Run by measures.py.
// The page itself is left as it is, but for the scroll and the sheets that lose() adds and takes away.
(() => {
  const name = element => {
    const own = element.id ? `#${element.id}` : element.classList.length ? `.${[...element.classList].join('.')}` : '';
    const parent = element.parentElement;
    const outer = parent && parent !== document.body ? `${parent.localName}${parent.id ? `#${parent.id}` : parent.classList.length ? `.${parent.classList[0]}` : ''} > ` : '';
    const words = (element.getAttribute('aria-label') || element.value || element.textContent || '').trim().replace(/\s+/g, ' ');
    return `${outer}${element.localName}${own} 「${String(words).slice(0, 30)}」`;
  };
  // Said to screen readers only, or shown only when it has the focus.
  const hiddenFromSight = element => {
    for (let here = element; here; here = here.parentElement) {
      const style = getComputedStyle(here);
      if (style.clipPath === 'inset(50%)' || style.clip === 'rect(0px, 0px, 0px, 0px)') return true;
      const place = here.getBoundingClientRect();
      if (style.position === 'absolute' && (place.bottom < 0 || place.right < 0) && here.matches('.skip, .skip-to-content-link')) return true;
    }
    return false;
  };
  const seen = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !hiddenFromSight(element);
  const scrolls = (element, axis) => ['auto', 'scroll'].includes(getComputedStyle(element)[axis]);

  // Text nodes that a reader sees: [node, the element that holds it].
  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const holder = node.parentElement;
      if (node.data.trim() && !holder.closest('script, style, noscript, title, option, rt') && seen(holder)) found.push([node, holder]);
    }
    return found;
  };

  // The page never scrolls sideways; what is wider scrolls in a region that has a name and takes the focus.
  const sideways = () => {
    const root = document.documentElement;
    const troubles = root.scrollWidth > root.clientWidth ? [`the page is ${root.scrollWidth} px wide, the window ${root.clientWidth}`] : [];
    for (const element of document.body.querySelectorAll('*')) {
      if (element.scrollWidth <= element.clientWidth + 1 || !scrolls(element, 'overflowX') || !seen(element)) continue;
      if (element.matches('input, textarea, select')) continue;
      const named = element.getAttribute('role') === 'region' && (element.ariaLabel || element.hasAttribute('aria-labelledby'));
      if (element.tabIndex !== 0 || !named) troubles.push(`scrolls without name or focus: ${name(element)}`);
    }
    return troubles;
  };

  const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=link], [role=combobox], [tabindex="0"]';
  const controls = () => [...document.querySelectorAll(CONTROLS)].filter(element => seen(element) && !element.disabled && element.tabIndex >= 0);

  // A link within a sentence: words that are no link stand before or after it in the same block.
  const inSentence = element => {
    if (!element.matches('a[href]') || getComputedStyle(element).display !== 'inline') return false;
    const block = element.parentElement.closest('p, li, dd, td, th, div, section, main, blockquote, h1, h2, h3, h4, body');
    const words = block.cloneNode(true);
    for (const part of words.querySelectorAll('a, small, .num, .mark, .sr')) part.remove();
    return /\p{L}/u.test(words.textContent);
  };
  const union = boxes => ({
    left: Math.min(...boxes.map(box => box.left)), right: Math.max(...boxes.map(box => box.right)),
    top: Math.min(...boxes.map(box => box.top)), bottom: Math.max(...boxes.map(box => box.bottom)),
  });
  // A card whose link lies over all of it (::after) is pressed anywhere.
  const pressed = element => (getComputedStyle(element, '::after').position === 'absolute' ? element.closest('li') : element);
  // Every control is 44 × 44 px; a box to tick counts with its label, a region that scrolls is no control.
  const targets = () => controls().filter(element => element.getAttribute('role') !== 'region' && !inSentence(element)).flatMap(element => {
    const place = union([element, ...(element.labels || [])].filter(seen).map(part => pressed(part).getBoundingClientRect()));
    const [width, height] = [place.right - place.left, place.bottom - place.top];
    return Math.min(width, height) < 43.5 ? [`${width.toFixed(0)}×${height.toFixed(0)} ${name(element)}`] : [];
  });

  const rgba = text => {
    const numbers = text.match(/[\d.]+/g).map(Number);
    if (text.startsWith('color(srgb')) return [...numbers.slice(0, 3).map(part => part * 255), numbers[3] ?? 1];
    return [...numbers.slice(0, 3), numbers[3] ?? 1];
  };
  const over = (top, bottom) => top.slice(0, 3).map((part, index) => part * top[3] + bottom[index] * (1 - top[3])).concat(1);
  const light = colour => {
    const [r, g, b] = colour.slice(0, 3).map(part => part / 255).map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const ground = element => {
    const layers = [];
    for (let here = element; here; here = here.parentElement) {
      const colour = rgba(getComputedStyle(here).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const inPicture = (holder, box) => [...holder.closest('svg').querySelectorAll('rect, .f-hit')].reverse().find(shape => {
    const place = shape.getBoundingClientRect();
    const paint = getComputedStyle(shape).fill;
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    return paint !== 'none' && rgba(paint)[3] === 1 && place.left <= x && place.right >= x && place.top <= y && place.bottom >= y;
  });
  // Text that is read as a whole: 7 to 1. Links, buttons, marks, messages at a field and other short words: 4.5 to 1.
  const short = holder => holder.closest('a, button, input, label, summary, .mark, .num, .st-org, .st-pending, .st-changed, .errorlist, th, mark, ins, del, [aria-disabled]') !== null;
  const contrast = () => {
    const pairs = new Map();
    for (const [node, holder] of texts()) {
      const style = getComputedStyle(holder);
      const drawn = holder.closest('svg');
      let behind = null;
      if (drawn) {
        const shape = inPicture(holder, holder.getBoundingClientRect());
        behind = shape ? rgba(getComputedStyle(shape).fill) : ground(drawn.parentElement);
      } else behind = ground(holder);
      const ink = over(rgba(drawn ? style.fill : style.color), behind);
      const least = short(holder) || drawn ? 4.5 : 7;
      const value = ratio(ink, behind);
      if (value < least) pairs.set(`${ink.slice(0, 3).map(Math.round)} on ${behind.slice(0, 3).map(Math.round)} < ${least}`, `${value.toFixed(2)} ${name(holder)} 「${node.data.trim().slice(0, 20)}」`);
    }
    return [...pairs].map(([pair, where]) => `${pair}: ${where}`);
  };

  // No text is cut off by a box that is too small, or by the edge of the window.
  const cutOff = () => {
    const troubles = new Set();
    for (const [node, holder] of texts()) {
      if (holder.closest('svg')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const place of range.getClientRects()) {
        if (place.width < 1) continue;
        for (let box = holder; box && box !== document.documentElement; box = box.parentElement) {
          const style = getComputedStyle(box);
          const edge = box.getBoundingClientRect();
          const cutX = ['hidden', 'clip'].includes(style.overflowX) && (place.right > edge.right + 1 || place.left < edge.left - 1);
          const cutY = ['hidden', 'clip'].includes(style.overflowY) && (place.bottom > edge.bottom + place.height / 3 || place.top < edge.top - place.height / 3);
          if (box !== document.body && (cutX || cutY)) troubles.add(name(box));
          if (scrolls(box, 'overflowX')) break;
          if (box === document.body && place.right > document.documentElement.clientWidth + 1) troubles.add(`beyond the window: ${name(holder)}`);
        }
      }
    }
    return [...troubles];
  };

  // The part of a box that regions which scroll sideways leave in sight.
  const inSight = (box, holder) => {
    let { left, right } = box;
    for (let here = holder; here; here = here.parentElement) {
      if (!scrolls(here, 'overflowX')) continue;
      const edge = here.getBoundingClientRect();
      [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
    }
    return { left, right, top: box.top, bottom: box.bottom, height: box.height };
  };
  // Two pieces of text never stand on one another.
  const overlap = () => {
    const places = texts().filter(([, holder]) => !holder.closest('svg, ruby')).flatMap(([node, holder]) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return [...range.getClientRects()].map(box => inSight(box, holder)).filter(box => box.right - box.left > 2 && box.height > 2).map(box => ({ box, holder }));
    }).sort((a, b) => a.box.top - b.box.top);
    const troubles = new Set();
    places.forEach((one, index) => {
      for (const other of places.slice(index + 1)) {
        if (other.box.top >= one.box.bottom) break;
        const x = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const y = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (x > 2 && y > Math.min(one.box.height, other.box.height) * 0.4) troubles.add(`${name(one.holder)} on ${name(other.holder)}`);
      }
    });
    return [...troubles];
  };

  // As HTML reads a <th> without scope: nothing but heads in its row, or in its column of the body.
  const headByPlace = head => {
    const rows = [...head.closest('table').tBodies].flatMap(body => [...body.rows]);
    return [...head.parentElement.cells].every(cell => cell.localName === 'th') || rows.every(row => row.cells[head.cellIndex]?.localName === 'th');
  };
  // One h1, levels never skipped, one of each landmark, heads of tables with a scope, the language of the page.
  const structure = () => {
    const troubles = [];
    const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(head => head.checkVisibility()).map(head => Number(head.localName[1]));
    if (levels.filter(level => level === 1).length !== 1) troubles.push(`h1: ${levels.filter(level => level === 1).length}`);
    levels.reduce((before, level) => (level > before + 1 && troubles.push(`h${level} after h${before}`), level), 0);
    for (const landmark of ['main', 'header']) {
      const number = [...document.querySelectorAll(landmark)].filter(element => element.checkVisibility()).length;
      if (number !== 1) troubles.push(`${landmark}: ${number}`);
    }
    for (const head of document.querySelectorAll('th')) if (head.checkVisibility() && !head.scope && !headByPlace(head)) troubles.push(`th without scope: ${name(head)}`);
    for (const table of document.querySelectorAll('table')) {
      if (table.checkVisibility() && !table.querySelector('th') && table.getAttribute('role') !== 'presentation') troubles.push(`table without heads: ${name(table)}`);
    }
    if (document.documentElement.lang !== 'ja') troubles.push(`lang: ${document.documentElement.lang}`);
    return troubles;
  };

  // With "less motion" nothing moves by itself, and nothing glides.
  const motion = () => {
    const troubles = new Set(document.getAnimations().map(animation => `moves: ${name(animation.effect.target)}`));
    for (const element of document.querySelectorAll('*')) {
      const style = getComputedStyle(element);
      const glides = style.transitionDuration.split(', ').some(time => parseFloat(time) > 0.001);
      if (glides || style.scrollBehavior === 'smooth') troubles.add(`glides: ${name(element)}`);
    }
    return [...troubles];
  };

  // Where the focus is now: whether it shows, stands in the window, is uncovered and comes after the stop before it;
  // null at the end of the page. A container with a reading flow says its own order: there, lower stands later.
  let before = null;
  const start = () => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); };
  const focused = () => {
    const element = document.activeElement;
    if (element === null || element === document.body || element === document.documentElement) return null;
    if (element === before) return [];  // from part to part of a field, such as the year and the month of a date
    if (element.dataset.reached) return null;  // round to the top again
    const style = getComputedStyle(element);
    const drawn = element.querySelector(':scope > .f-hit');
    const shows = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || (drawn !== null && getComputedStyle(drawn).strokeWidth === '4px');
    const box = element.getBoundingClientRect();
    const line = inSight(element.getClientRects()[0] ?? box, element.parentElement);
    const inside = line.bottom > 0 && line.right > 0 && line.top < innerHeight && line.left < Math.min(innerWidth, line.right);
    const middle = (low, high, end) => (Math.max(low, 0) + Math.min(high, end)) / 2;
    const top = document.elementFromPoint(middle(line.left, line.right, innerWidth), middle(line.top, line.bottom, innerHeight));
    const covered = top !== null && !element.contains(top) && !top.contains(element) && ![...(element.labels ?? [])].some(label => label.contains(top));
    const flow = element.closest('.relation');
    const sameFlow = before !== null && flow !== null && flow === before.closest('.relation') && getComputedStyle(flow).readingFlow !== 'normal';
    const part = stop => [...flow.children].find(child => child.contains(stop));
    const later = before === null || (sameFlow && part(before) !== part(element)
      ? part(before).getBoundingClientRect().top < part(element).getBoundingClientRect().top
      : flow !== null && !sameFlow || before.closest('.relation') !== null || Boolean(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING));
    before = element;
    element.dataset.reached = '1';
    const troubles = [[!shows, 'no ring'], [!inside, 'out of the window'], [covered, `covered by ${top && name(top)}`], [!later, 'out of order']];
    return troubles.filter(([found]) => found).map(([, words]) => `${words}: ${name(element)}`);
  };
  // Controls at which Tab never stopped. Of radio buttons with one name, Tab stops at one.
  const unreached = () => controls().filter(element => !element.dataset.reached && !(element.type === 'radio' && document.querySelector(`input[name="${element.name}"][data-reached]`))).map(name);

  window.measures = { sideways, targets, contrast, cutOff, overlap, structure, motion, start, focused, unreached };
})();
