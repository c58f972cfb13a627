using System.Text;

namespace Mayu.Ctl.Simulate;

/// <summary>Divides a GRUB configuration into statements and words, with quotes, comments and variables as GRUB has them.</summary>
/// <param name="configuration">The text.</param>
/// <param name="variables">Read when it is a word's turn, for a statement before may have set one.</param>
internal sealed class GrubStatements(string configuration, IReadOnlyDictionary<string, string> variables)
{
    private readonly List<string> _words = [];
    private readonly StringBuilder _word = new();
    private bool _isWord;
    private char _quote;
    private int _at;
    private int _length;

    /// <summary>The statements, each with one word or more.</summary>
    /// <exception cref="ScriptLimitException">One is too long.</exception>
    public IEnumerable<string[]> All()
    {
        for (_at = 0; _at < configuration.Length; _at++)
        {
            var c = configuration[_at];
            if (_quote != '\0' ? !EndsQuote(c) : !IsBetweenWords(c))
            {
                Take(c);
            }
            else if (_quote != '\0')
            {
                _quote = '\0';
            }
            else
            {
                EndWord();
                if (c is '\n' or ';')
                {
                    if (_words.Count > 0)
                    {
                        yield return [.. _words];
                        _words.Clear();
                    }

                    _length = 0;
                }
            }
        }

        EndWord();
        if (_words.Count > 0)
        {
            yield return [.. _words];
        }
    }

    private bool EndsQuote(char c) => c == _quote;

    private static bool IsBetweenWords(char c) => c is ' ' or '\t' or '\n' or '\r' or ';';

    private void Take(char c)
    {
        ScriptLimits.DemandLength(++_length);
        switch (c)
        {
            case '#' when !_isWord:
                _at = configuration.IndexOf('\n', _at) is var end && end < 0 ? configuration.Length : end - 1;
                return;
            case '\'' or '"' when _quote == '\0':
                _quote = c;
                break;
            case '$' when _quote != '\'':
                var value = Variable();
                ScriptLimits.DemandLength(_length += value.Length);
                _word.Append(value);
                break;
            case '\\' when _quote != '\'' && _at + 1 < configuration.Length:
                _word.Append(configuration[++_at]);
                break;
            default:
                _word.Append(c);
                break;
        }

        _isWord = true;
    }

    private void EndWord()
    {
        if (_isWord)
        {
            _words.Add(_word.ToString());
            _word.Clear();
            _isWord = false;
        }
    }

    // $name or ${name}; leaves the place at its last character.
    private string Variable()
    {
        var isBraced = _at + 1 < configuration.Length && configuration[_at + 1] == '{';
        var from = _at + (isBraced ? 2 : 1);
        var end = from;
        while (end < configuration.Length && (char.IsAsciiLetterOrDigit(configuration[end]) || configuration[end] == '_'))
        {
            end++;
        }

        _at = isBraced ? end : end - 1;
        return variables.GetValueOrDefault(configuration[from..end]) ?? "";
    }
}
