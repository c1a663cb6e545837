namespace Conjoint.Imaging.Jpeg2000;

/// <summary>Decodes the bit-planes of a block (T.800 annex D).</summary>
/// <remarks>
/// Coefficients come out doubled, so that half a step of the last decoded plane, where the true value is likeliest, has a place.
/// </remarks>
internal sealed class BlockDecoder
{
    private const byte Significant = 1;
    private const byte Negative = 2;
    private const byte Visited = 4;
    private const byte Refined = 8;
    private const int SignContexts = 9;
    private const int RefinementContexts = 14;
    private const int RunContext = 17;
    private const int UniformContext = 18;
    private const int MaxPlanes = 30;

    // Which way a sub-band's detail runs decides how neighbours count (table D.1): 0 LL and LH, 1 HL, 2 HH; index 4 h + ... below.
    private static readonly byte[][] ZeroContexts = [.. Enumerable.Range(0, 3).Select(MakeZeroContexts)];

    private readonly byte[] _contexts = new byte[19];
    private byte[] _state = [];
    private int[] _values = [];
    private int _stride;
    private CodeBlock _block = null!;
    private BlockModes _modes;
    private byte[] _zeroContexts = [];
    private MqDecoder _coder;
    private RawBits _raw;

    /// <summary>Decodes a block into a new array [height · width] of doubled coefficients.</summary>
    /// <param name="block">With its code.</param>
    /// <param name="data">The tile's data, into which its pieces point.</param>
    /// <param name="planes">Magnitude bits of the sub-band.</param>
    /// <param name="orientation">0 LL and LH, 1 HL, 2 HH.</param>
    /// <param name="modes">Variants of coding.</param>
    public int[] Decode(CodeBlock block, byte[] data, int planes, int orientation, BlockModes modes)
    {
        (_block, _modes, _zeroContexts, _stride) = (block, modes, ZeroContexts[orientation], block.Width + 2);
        _values = new int[block.Width * block.Height];
        Array.Resize(ref _state, _stride * (block.Height + 2));
        Array.Clear(_state);
        ResetContexts();
        var plane = planes - block.ZeroPlanes!.Value;
        if (plane is < 0 or > MaxPlanes)
            throw new InvalidDataException("it has a block of too many bit-planes");

        var pass = 0;
        foreach (var segment in block.Segments)
        {
            var code = Join(segment, data);
            var isRaw = modes.HasFlag(BlockModes.Bypass) && pass >= 10 && pass % 3 != 0;
            if (isRaw)
                _raw = new RawBits(code);
            else
                _coder = new MqDecoder(code, 0, code.Length);
            for (var i = 0; i < segment.Passes; i++, pass++)
            {
                // The first pass of all is a clean-up; then each plane has three.
                if (pass % 3 == 1)
                    plane--;
                if (plane < 1)
                    return _values;
                Decode(pass % 3, plane, isRaw);
            }
        }

        return _values;
    }

    private void Decode(int kind, int plane, bool isRaw)
    {
        var one = 1 << plane; // doubled
        switch (kind)
        {
            case 1:
                SignificancePass(one, isRaw);
                break;
            case 2:
                RefinementPass(one, isRaw);
                break;
            default:
                CleanUpPass(one);
                break;
        }

        if (_modes.HasFlag(BlockModes.Reset))
            ResetContexts();
    }

    private void SignificancePass(int one, bool isRaw)
    {
        for (var stripe = 0; stripe < _block.Height; stripe += 4)
        {
            for (var x = 0; x < _block.Width; x++)
            {
                for (var y = stripe; y < Math.Min(stripe + 4, _block.Height); y++)
                {
                    var at = At(x, y);
                    if ((_state[at] & Significant) != 0)
                        continue;
                    var context = Neighbours(at, y);
                    if (context == 0)
                        continue;
                    if ((isRaw ? _raw.Read() : _coder.Decode(ref _contexts[_zeroContexts[context]])) == 1)
                        BecomeSignificant(at, x, y, one, isRaw);
                    _state[at] |= Visited;
                }
            }
        }
    }

    private void RefinementPass(int one, bool isRaw)
    {
        for (var stripe = 0; stripe < _block.Height; stripe += 4)
        {
            for (var x = 0; x < _block.Width; x++)
            {
                for (var y = stripe; y < Math.Min(stripe + 4, _block.Height); y++)
                {
                    var at = At(x, y);
                    if ((_state[at] & (Significant | Visited)) != Significant)
                        continue;
                    var context = RefinementContexts + ((_state[at] & Refined) != 0 ? 2 : Neighbours(at, y) != 0 ? 1 : 0);
                    var bit = isRaw ? _raw.Read() : _coder.Decode(ref _contexts[context]);
                    ref var value = ref _values[y * _block.Width + x];
                    var half = (bit == 1) == (value > 0) ? one >> 1 : -(one >> 1);
                    value += half;
                    _state[at] |= Refined;
                }
            }
        }
    }

    private void CleanUpPass(int one)
    {
        for (var stripe = 0; stripe < _block.Height; stripe += 4)
        {
            for (var x = 0; x < _block.Width; x++)
            {
                var y = stripe;
                var isWhole = stripe + 4 <= _block.Height;
                if (isWhole && IsQuiet(x, stripe))
                {
                    if (_coder.Decode(ref _contexts[RunContext]) == 0)
                        continue;
                    var run = (_coder.Decode(ref _contexts[UniformContext]) << 1) | _coder.Decode(ref _contexts[UniformContext]);
                    y += run;
                    BecomeSignificant(At(x, y), x, y, one, isRaw: false);
                    y++;
                }

                for (; y < Math.Min(stripe + 4, _block.Height); y++)
                {
                    var at = At(x, y);
                    if ((_state[at] & (Significant | Visited)) == 0
                        && _coder.Decode(ref _contexts[_zeroContexts[Neighbours(at, y)]]) == 1)
                        BecomeSignificant(at, x, y, one, isRaw: false);
                }
            }
        }

        for (var i = 0; i < _state.Length; i++)
            _state[i] &= unchecked((byte)~Visited);
        if (_modes.HasFlag(BlockModes.SegmentationSymbols))
        {
            for (var i = 0; i < 4; i++)
                _coder.Decode(ref _contexts[UniformContext]);
        }
    }

    private bool IsQuiet(int x, int stripe)
    {
        for (var y = stripe; y < stripe + 4; y++)
        {
            var at = At(x, y);
            if ((_state[at] & (Significant | Visited)) != 0 || Neighbours(at, y) != 0)
                return false;
        }

        return true;
    }

    private void BecomeSignificant(int at, int x, int y, int one, bool isRaw)
    {
        int sign;
        if (isRaw)
        {
            sign = _raw.Read();
        }
        else
        {
            var hasBelow = HasBelow(y);
            var horizontal = Math.Clamp(Sign(at - 1) + Sign(at + 1), -1, 1);
            var vertical = Math.Clamp(Sign(at - _stride) + (hasBelow ? Sign(at + _stride) : 0), -1, 1);
            // Table D.3: nine cases, those of the other sign mirrored.
            var flip = horizontal < 0 || (horizontal == 0 && vertical < 0) ? 1 : 0;
            var (h, v) = flip == 1 ? (-horizontal, -vertical) : (horizontal, vertical);
            var context = SignContexts + (h == 0 ? v : 3 + v);
            sign = _coder.Decode(ref _contexts[context]) ^ flip;
        }

        _state[at] |= sign == 1 ? (byte)(Significant | Negative) : Significant;
        var magnitude = one | (one >> 1);
        _values[y * _block.Width + x] = sign == 1 ? -magnitude : magnitude;
    }

    /// <summary>Significant neighbours as an index: 15 · horizontal + 5 · vertical + diagonal.</summary>
    private int Neighbours(int at, int y)
    {
        var state = _state;
        int up = at - _stride, down = at + _stride;
        var horizontal = (state[at - 1] & 1) + (state[at + 1] & 1);
        var vertical = state[up] & 1;
        var diagonal = (state[up - 1] & 1) + (state[up + 1] & 1);
        if (HasBelow(y))
        {
            vertical += state[down] & 1;
            diagonal += (state[down - 1] & 1) + (state[down + 1] & 1);
        }

        return 15 * horizontal + 5 * vertical + diagonal;
    }

    /// <summary>Whether the row below counts: not the next stripe's, in vertically causal coding.</summary>
    private bool HasBelow(int y) => (y & 3) != 3 || (_modes & BlockModes.VerticallyCausal) == 0;

    private int Sign(int at) => (_state[at] & Significant) == 0 ? 0 : (_state[at] & Negative) == 0 ? 1 : -1;

    private int At(int x, int y) => (y + 1) * _stride + x + 1;

    private void ResetContexts()
    {
        Array.Clear(_contexts);
        _contexts[0] = 4 << 1;
        _contexts[RunContext] = 3 << 1;
        _contexts[UniformContext] = 46 << 1;
    }

    private static byte[] Join(CodeBlock.Segment segment, byte[] data)
    {
        var code = new byte[segment.Pieces.Sum(piece => piece.Length)];
        var at = 0;
        foreach (var (offset, length) in segment.Pieces)
        {
            data.AsSpan(offset, length).CopyTo(code.AsSpan(at));
            at += length;
        }

        return code;
    }

    private static byte[] MakeZeroContexts(int orientation)
    {
        var contexts = new byte[45];
        for (var i = 0; i < contexts.Length; i++)
        {
            var (h, v, d) = (i / 15, i / 5 % 3, i % 5);
            if (orientation == 1)
                (h, v) = (v, h);
            contexts[i] = (byte)(orientation == 2 ? Diagonal(h + v, d) : Straight(h, v, d));
        }

        return contexts;
    }

    private static int Straight(int h, int v, int d) => (h, v, d) switch
    {
        (2, _, _) => 8,
        (1, >= 1, _) => 7,
        (1, 0, >= 1) => 6,
        (1, 0, 0) => 5,
        (0, 2, _) => 4,
        (0, 1, _) => 3,
        (0, 0, >= 2) => 2,
        _ => d,
    };

    private static int Diagonal(int hv, int d) => (hv, d) switch
    {
        (_, >= 3) => 8,
        ( >= 1, 2) => 7,
        (0, 2) => 6,
        ( >= 2, 1) => 5,
        (1, 1) => 4,
        (0, 1) => 3,
        ( >= 2, 0) => 2,
        _ => hv,
    };

    /// <summary>Bits that aren't coded arithmetically (T.800 D.6).</summary>
    private struct RawBits(byte[] bytes)
    {
        private int _at;
        private int _left;
        private int _byte;

        public int Read()
        {
            if (_left == 0)
            {
                var wasOnes = _byte == 0xFF;
                _byte = _at < bytes.Length ? bytes[_at++] : 0xFF;
                _left = wasOnes ? 7 : 8;
            }

            return (_byte >> --_left) & 1;
        }
    }
}
