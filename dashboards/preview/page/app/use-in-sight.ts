import { type RefObject, useEffect, useState } from "react";

/** How far outside of the window something counts as in sight, so that it is there when it is scrolled to. */
const margin = "150px";

/** Whether an element is in the window; undefined until that is known. `always`: it counts as if. */
export function useInSight(element: RefObject<HTMLElement | null>, always: boolean): boolean | undefined {
  const [inSight, setInSight] = useState<boolean>();
  useEffect(() => {
    if (always) return;
    const observer = new IntersectionObserver((entries) => setInSight(entries.at(-1)!.isIntersecting), {
      rootMargin: margin,
    });
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, [element, always]);
  return always || inSight;
}
