import { describe, expect, it } from 'vitest';
import { matches, plain } from './reading';

describe('looking for somebody in a hurry', () => {
  it('finds a name typed without marks', () => {
    expect(matches('Nguyễn Đức Thịnh', 'duc thinh')).toBe(true);
    expect(matches('Trần Thị Ánh', 'anh')).toBe(true);
    expect(matches('Lê Quỳnh Ưu', 'quynh uu')).toBe(true);
  });
  it('finds a name typed with marks, decomposed or not', () => {
    expect(matches('Đỗ Hữu Nghĩa', 'Đỗ Hữu'.normalize('NFD'))).toBe(true);
  });
  it('wants every word to begin a word', () => {
    expect(matches('Phạm Văn An', 'an p')).toBe(true);
    expect(matches('Phạm Văn An', 'ham')).toBe(false);
  });
  it('shows everybody when nothing is typed', () => {
    expect(matches('Vũ Hà', '  ')).toBe(true);
    expect(plain('Đ')).toBe('d');
  });
});
