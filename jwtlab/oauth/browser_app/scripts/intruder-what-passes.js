window.fetch = async (url, options = {}) => {
    const answer = await real(url, options);
    send({url: String(url), headers: options.headers});
    return answer;
  };
  tell("waits");
