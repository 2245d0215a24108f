(() => {
    let token = "";
    return {
      open: async () => {},
      has: async () => {
        const answer = await fetch("/backend/session");
        if (answer.ok) token = (await answer.json()).csrf_token;
        return answer.ok;
      },
      logIn: () => { location.href = "/backend/login"; },
      redeem: async () => {},
      call: (method, path, body) => fetch(`/backend${path}`, {
        method, body, headers: {"X-CSRF-Token": token, ...(body && {"Content-Type": "application/json"})},
      }),
    };
  })()
