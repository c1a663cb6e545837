using System.Globalization;
using System.Text;

namespace Conjoint.Imaging;

/// <summary>
/// The part of Python's literal syntax that NPY headers use: one dictionary with strings, True, False, None, whole numbers,
/// tuples and lists. Values become string, bool, long, null-object lists; nothing is evaluated.
/// </summary>
internal ref struct PythonDictionary
{
    private const int MaxDepth = 8;
    private static readonly object None = new();
    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private PythonDictionary(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Parses the text of a header.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static Dictionary<string, object> Parse(string text)
    {
        var parser = new PythonDictionary(text);
        var fields = parser.Dictionary();
        parser.SkipSpace();
        if (parser._at != parser._text.Length)
            throw Fault();
        return fields;
    }

    private static FormatException Fault() =>
        new("has a damaged NPY header; expected a dictionary such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }");

    private Dictionary<string, object> Dictionary()
    {
        var fields = new Dictionary<string, object>(StringComparer.Ordinal);
        Expect('{');
        while (!Accept('}'))
        {
            if (Value(0) is not string key)
                throw Fault();
            Expect(':');
            if (!fields.TryAdd(key, Value(0)))
                throw Fault();
            if (!Accept(','))
            {
                Expect('}');
                break;
            }
        }

        return fields;
    }

    private object Value(int depth)
    {
        if (depth > MaxDepth)
            throw Fault();
        SkipSpace();
        var next = Peek();
        if (next is '\'' or '"')
            return QuotedText();
        if (next is '(' or '[')
            return Sequence(next == '(' ? ')' : ']', depth);
        if (next == '-' || char.IsAsciiDigit(next))
            return WholeNumber();
        return Word();
    }

    private string QuotedText()
    {
        var quote = _text[_at++];
        var text = new StringBuilder();
        while (_at < _text.Length && _text[_at] != quote)
        {
            if (_text[_at] == '\\')
                throw Fault();
            text.Append(_text[_at++]);
        }

        Expect(quote);
        return text.ToString();
    }

    private List<object> Sequence(char end, int depth)
    {
        _at++;
        var items = new List<object>();
        while (!Accept(end))
        {
            items.Add(Value(depth + 1));
            if (!Accept(','))
            {
                Expect(end);
                break;
            }
        }

        return items;
    }

    private long WholeNumber()
    {
        var start = _at++;
        while (char.IsAsciiDigit(Peek()))
            _at++;
        var digits = _text[start.._at];
        if (Peek() == 'L')
            _at++; // Python 2 wrote long integers so.
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Fault();
    }

    private object Word()
    {
        var start = _at;
        while (char.IsAsciiLetter(Peek()))
            _at++;
        return _text[start.._at] switch
        {
            "True" => true,
            "False" => false,
            "None" => None,
            _ => throw Fault(),
        };
    }

    private readonly char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private bool Accept(char expected)
    {
        SkipSpace();
        if (Peek() != expected || _at >= _text.Length)
            return false;
        _at++;
        return true;
    }

    private void Expect(char expected)
    {
        if (!Accept(expected))
            throw Fault();
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\n' or '\r')
            _at++;
    }
}
