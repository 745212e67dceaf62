/** The root of this package. */
export declare const packageDirectory: string
