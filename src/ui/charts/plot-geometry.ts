/** Where the plot lies in its box, in CSS pixels: the axes and the crosshair on top of them agree on it. */
export const PLOT_MARGIN = { top: 8, right: 10, bottom: 0, left: 0 } as const;
export const Y_AXIS_WIDTH = 38;
export const X_AXIS_HEIGHT = 22;
export const PLOT_HEIGHT = 168;
