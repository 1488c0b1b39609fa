import './geometry.css';
import { MeasuredSection } from './measured-section.tsx';
import { PlaneSection } from './plane-section.tsx';

/** Geometric leakage: a model of it to play with, and what was measured on the shown run. */
export function GeometryPanel() {
  return (
    <div className="geometry">
      <p className="geometry-lead">
        Pressure along safety moves a policy along expressiveness too, where the two are not orthogonal. The
        paper’s formulas could not be had: these definitions are the lab’s own, not the paper’s.
      </p>
      <div className="geometry-columns">
        <div className="geometry-column">
          <PlaneSection />
        </div>
        <div className="geometry-column">
          <MeasuredSection />
        </div>
      </div>
    </div>
  );
}
