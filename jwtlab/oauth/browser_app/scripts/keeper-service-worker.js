(() => {
    const tell = message => new Promise(done => {
      const channel = new MessageChannel();
      channel.port1.onmessage = event => done(event.data);
      navigator.serviceWorker.controller.postMessage(message, [channel.port2]);
    });
    return {
      open: async () => {
        const controlled = new Promise(done => navigator.serviceWorker.addEventListener("controllerchange", done));
        await navigator.serviceWorker.register(`/worker.js?${new URLSearchParams({issuer, api})}`);
        if (!navigator.serviceWorker.controller) await controlled;
      },
      has: () => tell({ask: "has"}),
      logIn,
      redeem: form => tell({ask: "redeem", form}),
      call: (method, path, body) => fetch(api + path, {
        method, body, headers: body && {"Content-Type": "application/json"},
      }),
    };
  })()
