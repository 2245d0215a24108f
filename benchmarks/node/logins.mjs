// Logs in once over each of so many connections, then repeats for so many seconds either a whole code flow (authorize
// with the session's cookie, PKCE, redeem: access token, ID token, refresh token) or a refresh of the tokens, and
// prints how many came in a second.
import http from "node:http";
import { createHash, randomBytes } from "node:crypto";

const { authorize, token, client_id, redirect_uri, user, what, seconds, connections } = JSON.parse(process.argv[2]);

class Browser {
  cookies = new Map();
  agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  send(method, url, form) {
    const body = form ? new URLSearchParams(form).toString() : "";
    const headers = { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "), accept: "text/html" };
    if (form) headers["content-type"] = "application/x-www-form-urlencoded";
    if (form) headers["content-length"] = Buffer.byteLength(body);
    if (form && url !== token) headers.origin = new URL(url).origin; // a page's form, as a browser sends it
    return new Promise((resolve, reject) => {
      const request = http.request(url, { method, agent: this.agent, headers }, (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => {
          for (const line of response.headers["set-cookie"] ?? []) {
            const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
            if (value) this.cookies.set(name, value);
            else this.cookies.delete(name);
          }
          resolve({ status: response.statusCode, location: response.headers.location, text });
        });
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  // From the authorization request to the code: redirects are followed, forms are filled in.
  async code(challenge) {
    const asked = { response_type: "code", client_id, redirect_uri, scope: "openid offline_access notes:read", state: "s" };
    const more = { code_challenge: challenge, code_challenge_method: "S256", ...(this.known ? {} : { prompt: "consent" }) };
    let url = `${authorize}?${new URLSearchParams({ ...asked, ...more })}`;
    let answer = await this.send("GET", url);
    for (let step = 0; step < 12; step += 1) {
      if (answer.location) {
        url = new URL(answer.location, url).href;
        if (url.startsWith(redirect_uri)) return new URL(url).searchParams.get("code");
        answer = await this.send("GET", url);
      } else {
        const form = answer.text.match(/<form method="post" action="([^"]*)">(.*?)<\/form>/s);
        if (!form) throw new Error(`${answer.status} ${answer.text.slice(0, 300)}`);
        const hidden = [...form[2].matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
        url = new URL(form[1], url).href;
        const filled = Object.fromEntries(hidden.map(([, name, value]) => [name, value]));
        answer = await this.send("POST", url, { ...filled, ...user, decision: "allow" });
      }
    }
    throw new Error("no code came");
  }

  async redeem(form) {
    const answer = await this.send("POST", token, { client_id, ...form });
    const tokens = answer.status === 200 ? JSON.parse(answer.text) : {};
    if (!tokens.access_token || !tokens.refresh_token) throw new Error(`${answer.status} ${answer.text.slice(0, 300)}`);
    this.refreshToken = tokens.refresh_token;
    return tokens;
  }

  async logIn() {
    const code_verifier = randomBytes(32).toString("base64url");
    const code = await this.code(createHash("sha256").update(code_verifier).digest("base64url"));
    const tokens = await this.redeem({ grant_type: "authorization_code", code, redirect_uri, code_verifier });
    if (!tokens.id_token) throw new Error("no ID token");
    this.known = true;
  }

  refresh() {
    return this.redeem({ grant_type: "refresh_token", refresh_token: this.refreshToken });
  }
}

const browsers = Array.from({ length: connections }, () => new Browser());
for (const each of browsers) await each.logIn();
let count = 0;
let until;
const go = async (browser) => {
  while (performance.now() < until) {
    await (what === "refresh" ? browser.refresh() : browser.logIn());
    count += 1;
  }
};
const round = async (milliseconds) => {
  until = performance.now() + milliseconds;
  await Promise.all(browsers.map(go));
};
await round(500); // to warm up
count = 0;
const began = performance.now();
await round(seconds * 1000);
console.log((count / (performance.now() - began)) * 1000);
browsers.forEach((each) => each.agent.destroy());
