// A person with a browser, as small as can be: cookies, redirects, and forms that are filled in and sent.

const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"' };

function unescaped(text) {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hexadecimal, name) => {
    if (name) return NAMED[name] ?? whole;
    return String.fromCodePoint(decimal ? Number(decimal) : parseInt(hexadecimal, 16));
  });
}

function attributes(tag) {
  const found = {};
  for (const [, name, value] of tag.matchAll(/([\w-]+)(?:="([^"]*)")?/g)) found[name] = unescaped(value ?? '');
  return found;
}

// The first form of a page: where it goes, its fields, and its buttons with their labels.
function firstForm(html) {
  const match = /<form\b([^>]*)>([\s\S]*?)<\/form>/.exec(html);
  if (!match) return null;
  const fields = {};
  for (const [, tag] of match[2].matchAll(/<input\b([^>]*)>/g)) {
    const { name, value } = attributes(tag);
    if (name) fields[name] = value ?? '';
  }
  const buttons = [...match[2].matchAll(/<button\b([^>]*)>([^<]*)<\/button>/g)];
  return {
    ...attributes(match[1]),
    fields,
    buttons: buttons.map(([, tag, label]) => ({ ...attributes(tag), label: label.trim() })),
  };
}

// What a person would read.
function words(html) {
  const body = html.replace(/<style[\s\S]*?<\/style>/g, ' ').replace(/<[^>]*>/g, ' ');
  return unescaped(body).replace(/\s+/g, ' ').trim();
}

export class Browser {
  // home: an address of the application; the browser stops in front of it, because nobody answers there.
  constructor(person, home) {
    this.person = person;
    this.home = home;
    this.cookies = new Map();
  }

  // Go to an address and do what the pages ask for, until the application or a page without a form is reached.
  // press: the label of the button to press on pages that have it, in place of the first one.
  async visit(address, press) {
    const titles = [];
    let next = new Request(address);
    for (let step = 0; step < 20; step += 1) {
      if (next.url.startsWith(this.home)) return { back: next, titles };
      const answer = await this.#send(next);
      const location = answer.headers.get('location');
      if (location) {
        await answer.body?.cancel();
        next = new Request(new URL(location, next.url));
        continue;
      }
      const text = await answer.text();
      titles.push(unescaped(/<title>([^<]*)/.exec(text)?.[1] ?? ''));
      const form = firstForm(text);
      if (!form) return { status: answer.status, titles, said: words(text) };
      next = this.#filledIn(form, next.url, press);
    }
    throw new Error(`the browser goes round in circles: ${titles}`);
  }

  async #send(request) {
    const headers = new Headers(request.headers);
    headers.set('cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const answer = await fetch(new Request(request, { headers, redirect: 'manual' }));
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/;\s*max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  #filledIn(form, page, press) {
    const fields = { ...form.fields };
    for (const name of ['username', 'password']) if (name in fields) fields[name] = this.person[name];
    const button = form.buttons.find((each) => each.label === press) ?? form.buttons[0];
    if (button?.name) fields[button.name] = button.value;
    return new Request(new URL(form.action, page), {
      method: 'POST',
      headers: { origin: new URL(page).origin },
      body: new URLSearchParams(fields),
    });
  }
}
