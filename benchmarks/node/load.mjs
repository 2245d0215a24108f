// Asks for tokens over so many connections for so many seconds, and prints how many came in one.
import http from "node:http";

const { url, authorization, body, seconds, connections } = JSON.parse(process.argv[2]);
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
const headers = { authorization, "content-type": "application/x-www-form-urlencoded", "content-length": body.length };

const ask = () =>
  new Promise((resolve, reject) => {
    const request = http.request(url, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => {
        const token = response.statusCode === 200 ? JSON.parse(text).access_token : "";
        if (token.split(".").length === 3) resolve();
        else reject(new Error(`${response.statusCode} ${text}`));
      });
    });
    request.on("error", reject);
    request.end(body);
  });

let count = 0;
let until = performance.now() + 500; // to warm up
const go = async () => {
  while (performance.now() < until) {
    await ask();
    count += 1;
  }
};
const round = () => Promise.all(Array.from({ length: connections }, go));
await round();
count = 0;
const began = performance.now();
until = began + seconds * 1000;
await round();
console.log((count / (performance.now() - began)) * 1000);
agent.destroy();
