// What a browser makes of text that would run as a script. Run by planted.py.
window.planted = (() => {
  const ADDRESSES = ['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'srcdoc', 'poster', 'background', 'to', 'values', 'from'];
  const STRANGE = 'iframe,frame,object,embed,applet,base,portal,marquee,template,xmp,plaintext,listing,math,foreignObject,' +
    'animate,set,audio,video,meta[http-equiv=refresh],annotation-xml,handler';
  const OURS = [`${location.origin}/static/`, `${location.origin}/admin/jsi18n/`];

  // What is there but text: nothing of the portal's own looks like this.
  const scan = read => {
    const found = [];
    for (const element of read.querySelectorAll('*')) {
      for (const {name, value} of element.attributes) {
        if (name.startsWith('on')) found.push(`${name}=${value}`);
        if (ADDRESSES.includes(name) && /^(javascript|vbscript|data|view-source|feed):/i.test(value.replace(/[\0-\x20]/g, ''))) {
          found.push(`${name}=${value}`);
        }
        if (name === 'style' && value.includes('hit(')) found.push(`style=${value}`);
      }
      if (element.localName === 'style' && element.textContent.includes('hit(')) found.push('style element');
      if (element.localName !== 'script') continue;
      if (element.textContent.trim() && !(element.type || '').endsWith('json')) found.push(`script ${element.textContent}`);
      if (element.src && !OURS.some(ours => element.src.startsWith(ours))) found.push(element.src);
    }
    return [...found, ...[...read.querySelectorAll(STRANGE)].map(element => element.localName)];
  };

  // Of this page; where it is ours and only holds others in frames, of those.
  const scanAll = () => {
    const frames = [...document.querySelectorAll('body > iframe[data-page]')];
    return frames.length ? frames.flatMap(frame => scan(frame.contentDocument)) : scan(document);
  };

  const parse = (text, kind = 'text/html') => new DOMParser().parseFromString(text, kind);

  // The code that an address runs when it is opened.
  const codeOfAddress = (element, written) => {
    const address = written.replace(/^\d+;\s*url=/i, '').replace(/[\t\n\r]/g, '').replace(/^[\0- ]+/, '');
    const script = /^javascript:(.*)$/is.exec(address);
    if (script) return [decodeURIComponent(script[1])];
    const data = /^data:([^,]*),(.*)$/is.exec(address);
    if (!data) return [];
    const text = data[1].includes('base64') ? atob(data[2]) : data[2];
    return element.localName === 'script' ? [text] : codeIn(parse(text));
  };

  // The code that runs when a page is read, and when all is done with it that can be: clicked, focused, loaded, failed, opened.
  const codeIn = read => {
    const code = [];
    for (const element of read.querySelectorAll('*')) {
      for (const {name, value} of element.attributes) {
        if (name.startsWith('on')) code.push(value);
        if (name === 'to' || name === 'values') code.push(value);
        if (name === 'content' || ADDRESSES.includes(name)) code.push(...codeOfAddress(element, value));
        if (name === 'srcdoc') code.push(...codeIn(parse(value)));
      }
      if (element.localName === 'script' && !(element.type || '').endsWith('json')) code.push(element.textContent);
    }
    return code;
  };

  // Whether hit() is called where this stands: a script, or a document, as it was sent or as it is written back by innerHTML.
  const runs = async (kind, text) => {
    let heard = false, code = [text];
    window.hit = () => { heard = true; };
    if (kind !== 'text/javascript') {
      const read = [parse(text, kind)];
      if (kind === 'text/html') read.push(parse(read[0].documentElement.outerHTML));
      if (read.every(each => scan(each).length === 0)) return false;
      code = read.flatMap(codeIn);
    }
    for (const each of code) {
      try { new Function(each)(); } catch (error) { if (!(error instanceof Error)) throw error; }
      if (!heard && /setTimeout|location/.test(each)) await new Promise(done => { setTimeout(done, 20); });
      if (heard) return true;
    }
    return false;
  };

  // groups: for each payload, [kind, text] of the places where it could stand. Gives the numbers of those that run in none.
  const dead = async groups => {
    const numbers = [];
    for (const [number, places] of groups.entries()) {
      let alive = false;
      for (const [kind, text] of places) alive = alive || await runs(kind, text);
      if (!alive) numbers.push(number);
    }
    return numbers;
  };

  return {scanAll, dead};
})();
