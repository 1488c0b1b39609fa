import type { KeyboardEvent, PointerEvent } from 'react';
import { snapped, type PlaneField } from '../../state/geometry/plane-settings.ts';
import { keyedTo } from '../shared/slider-keys.ts';

/** Where a key takes a value of the field; null for keys that do not move it. */
export function keyedValue(field: PlaneField, value: number, key: string): number | null {
  const { low, high, step } = field;
  const next = keyedTo(key, value, { low, high, step, page: 10 * step });
  return next === null ? null : snapped(field, next);
}

interface PlaneHandleProps {
  readonly field: PlaneField;
  readonly label: string;
  readonly value: number;
  readonly valueText: string;
  /** In CSS pixels of the drawing: a point, or a strip where it has a height. */
  readonly place: { readonly left: number; readonly top: number; readonly height?: number };
  /** Which value the pointer is at, in CSS pixels of the drawing. */
  at(x: number, y: number): number;
  onChange(value: number): void;
}

/** Something in the drawing that is dragged, or moved by keys. */
export function PlaneHandle({ field, label, value, valueText, place, at, onChange }: PlaneHandleProps) {
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, top } = event.currentTarget.parentElement!.getBoundingClientRect();
    onChange(snapped(field, at(event.clientX - left, event.clientY - top)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = keyedValue(field, value, event.key);
    if (next === null) return;
    event.preventDefault();
    onChange(next);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      className={
        place.height === undefined ? 'plane-handle plane-handle-knob' : 'plane-handle plane-handle-line'
      }
      aria-label={label}
      aria-valuemin={field.low}
      aria-valuemax={field.high}
      aria-valuenow={Number(value.toPrecision(6))}
      aria-valuetext={valueText}
      style={place}
      onKeyDown={onKeyDown}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus();
        event.preventDefault();
      }}
      onPointerMove={event => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) drag(event);
      }}
    />
  );
}
