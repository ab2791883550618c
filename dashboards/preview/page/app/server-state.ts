import { useEffect, useState } from "react";
import { eventsPath, type State } from "../../api.js";

/** The server's state, as it tells it whenever it changes; `lost` while it can't be reached. */
export function useServerState(): { state?: State; lost: boolean } {
  const [state, setState] = useState<State>();
  const [lost, setLost] = useState(false);
  useEffect(() => {
    const events = new EventSource(eventsPath);
    events.addEventListener("state", (event) => {
      setState(JSON.parse(event.data) as State);
      setLost(false);
    });
    // The browser tries again by itself.
    events.onerror = () => setLost(true);
    return () => events.close();
  }, []);
  return { state, lost };
}
