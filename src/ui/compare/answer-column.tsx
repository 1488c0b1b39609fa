import type { CSSProperties } from 'react';
import { answerBy, type GroupAnswers } from '../../state/compare/answers.ts';
import { PAGE } from '../figures/palette.ts';
import { toneOf } from '../figures/series.ts';
import { Answer } from '../samples/answer.tsx';
import { GroupMarker } from './group-marker.tsx';

interface AnswerColumnProps {
  readonly answers: GroupAnswers;
  /** The step looked at; null takes the last. */
  readonly step: number | null;
  /** Whether the teacher speaks too, below its student. */
  readonly teacher: boolean;
}

/** One group's answer at a step, in its colour and under its marker. */
export function AnswerColumn({ answers, step, teacher: withTeacher }: AnswerColumnProps) {
  const { label, group } = answers;
  const { step: at, student, teacher, base } = answerBy(answers, step);
  const tone = PAGE[toneOf(group)];
  return (
    <div className="compare-column" style={{ '--student': tone, '--teacher': tone } as CSSProperties}>
      <Answer
        who="student"
        title={
          <>
            <GroupMarker group={group} />
            {label}, {at === 0 ? 'untrained' : `step ${at}`}
          </>
        }
        answer={student}
        against={base.text}
      />
      {withTeacher && (
        <Answer
          who="teacher"
          title={
            <>
              <GroupMarker group={group} hollow />
              {label}: teacher
            </>
          }
          answer={teacher}
          against={base.text}
        />
      )}
    </div>
  );
}
