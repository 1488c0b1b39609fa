/** Where the recorded runs are. */
export const RESULTS = `${import.meta.env.BASE_URL}runs/`;
