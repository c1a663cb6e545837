namespace Conjoint.Imaging.Jpeg2000;

/// <summary>The adaptive binary arithmetic decoder (ITU-T T.800 annex C).</summary>
/// <remarks>Past the end of its bytes it sees ones for ever, as the standard says.</remarks>
internal struct MqDecoder
{
    // Table C.2: probability, next state after the more and the less probable symbol, whether the latter changes sides.
    private static readonly (ushort Qe, byte Mps, byte Lps, bool Switches)[] States =
    [
        (0x5601, 1, 1, true), (0x3401, 2, 6, false), (0x1801, 3, 9, false), (0x0AC1, 4, 12, false), (0x0521, 5, 29, false),
        (0x0221, 38, 33, false), (0x5601, 7, 6, true), (0x5401, 8, 14, false), (0x4801, 9, 14, false), (0x3801, 10, 14, false),
        (0x3001, 11, 17, false), (0x2401, 12, 18, false), (0x1C01, 13, 20, false), (0x1601, 29, 21, false), (0x5601, 15, 14, true),
        (0x5401, 16, 14, false), (0x5101, 17, 15, false), (0x4801, 18, 16, false), (0x3801, 19, 17, false), (0x3401, 20, 18, false),
        (0x3001, 21, 19, false), (0x2801, 22, 19, false), (0x2401, 23, 20, false), (0x2201, 24, 21, false), (0x1C01, 25, 22, false),
        (0x1801, 26, 23, false), (0x1601, 27, 24, false), (0x1401, 28, 25, false), (0x1201, 29, 26, false), (0x1101, 30, 27, false),
        (0x0AC1, 31, 28, false), (0x09C1, 32, 29, false), (0x08A1, 33, 30, false), (0x0521, 34, 31, false), (0x0441, 35, 32, false),
        (0x02A1, 36, 33, false), (0x0221, 37, 34, false), (0x0141, 38, 35, false), (0x0111, 39, 36, false), (0x0085, 40, 37, false),
        (0x0049, 41, 38, false), (0x0025, 42, 39, false), (0x0015, 43, 40, false), (0x0009, 44, 41, false), (0x0005, 45, 42, false),
        (0x0001, 45, 43, false), (0x5601, 46, 46, false),
    ];

    private readonly byte[] _bytes;
    private readonly int _end;
    private int _at;
    private uint _code;
    private uint _interval;
    private int _shifts;

    /// <summary>Starts at a segment of code (INITDEC).</summary>
    public MqDecoder(byte[] bytes, int start, int length)
    {
        (_bytes, _at, _end) = (bytes, start, start + length);
        _code = (uint)Byte(_at) << 16;
        ReadByte();
        _code <<= 7;
        _shifts -= 7;
        _interval = 0x8000;
    }

    /// <summary>The next decision in a context, whose state (twice its number, plus the more probable symbol) is brought up to date.</summary>
    public int Decode(ref byte context)
    {
        ref readonly var state = ref States[context >> 1];
        var mps = context & 1;
        _interval -= state.Qe;
        bool isLess;
        if (_code >> 16 < state.Qe)
        {
            isLess = _interval >= state.Qe;
            _interval = state.Qe;
        }
        else
        {
            _code -= (uint)state.Qe << 16;
            if ((_interval & 0x8000) != 0)
                return mps;
            isLess = _interval < state.Qe;
        }

        context = isLess
            ? (byte)((state.Lps << 1) | (state.Switches ? 1 - mps : mps))
            : (byte)((state.Mps << 1) | mps);
        do
        {
            if (_shifts == 0)
                ReadByte();
            _interval <<= 1;
            _code <<= 1;
            _shifts--;
        }
        while ((_interval & 0x8000) == 0);
        return isLess ? 1 - mps : mps;
    }

    private readonly int Byte(int at) => at < _end ? _bytes[at] : 0xFF;

    private void ReadByte()
    {
        if (Byte(_at) != 0xFF)
        {
            _at++;
            _code += (uint)Byte(_at) << 8;
            _shifts = 8;
        }
        else if (Byte(_at + 1) > 0x8F)
        {
            _code += 0xFF00;
            _shifts = 8;
        }
        else
        {
            _at++;
            _code += (uint)Byte(_at) << 9;
            _shifts = 7;
        }
    }
}
