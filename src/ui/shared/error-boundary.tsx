import { Component, type ReactNode } from 'react';
import { FaultCard } from '../faults/fault-card.tsx';

interface Props {
  /** The panel's name, for the message. */
  readonly panel: string;
  readonly children: ReactNode;
}

interface State {
  readonly failure: string | null;
}

/** Contains a panel that fails to render, so that the page, the run and its figures survive. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failure: null };

  static getDerivedStateFromError(error: unknown): { failure: string } {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.failure === null) return this.props.children;
    return (
      <FaultCard
        fault={{
          code: 'E_PANEL',
          message: `the panel “${this.props.panel}” could not be drawn: ${this.state.failure}`,
          consequence: 'The run continues and its figures are kept: Export still has them.',
          nextStep: 'Draw the panel again; if it fails once more, export the run and reload the page.',
        }}
      >
        <button type="button" className="button" onClick={() => this.setState({ failure: null })}>
          Draw again
        </button>
      </FaultCard>
    );
  }
}
