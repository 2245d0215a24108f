const notes = document.querySelector("#notes").innerText, {shown} = document.body.dataset;
  document.querySelector("#text").value = "mallory was here";
  document.querySelector("#add").click();
  while (document.body.dataset.shown === shown) await new Promise(done => setTimeout(done, 5));
  await send({notes});
