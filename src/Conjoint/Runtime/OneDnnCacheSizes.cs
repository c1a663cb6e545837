using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Conjoint.Runtime;

/// <summary>Tells oneDNN, inside the loaded libtorch, cache sizes where the processor keeps its own to itself; see <see cref="CacheTopology"/>.</summary>
/// <remarks>
/// oneDNN has no setting for them. All its questions go through one function, <c>dnnl::impl::cpu::platform::get_per_core_cache_size(level)</c>, whose answer in this
/// process is replaced by fixed sizes before anything is computed. It is found by its name in the library's symbol table, and asked first: only an answer that no cache
/// has is replaced. The library's file stays as it is. Where any of that can't be done, nothing has changed.
/// </remarks>
internal static unsafe class OneDnnCacheSizes
{
    private const string Question = "_ZN4dnnl4impl3cpu8platform23get_per_core_cache_sizeEi";
    private const string Exported = "_ZN2at13globalContextEv";                  // any function that both tables know tells where the library lies
    private const uint FirstLevel = 32 << 10, SecondLevel = 512 << 10, ThirdLevel = 1 << 20; // bytes a core: oneDNN's own guess where it knows that it knows nothing
    private const int SymbolTable = 2, SymbolSize = 24;                           // ELF-64 object file format, version 1.5
    private const int Read = 1, Write = 2, Execute = 4;

    /// <summary>Replaces the answer where it is no size.</summary>
    /// <param name="library">Path of <c>libtorch_cpu.so</c>.</param>
    /// <param name="handle">The library, loaded.</param>
    /// <returns>Whether oneDNN now has sizes that make sense.</returns>
    public static bool TryGive(string library, nint handle)
    {
        try
        {
            if (!NativeLibrary.TryGetExport(handle, Exported, out var exported) || Find(library) is not { } found)
                return false;
            var question = (byte*)(exported - (nint)found.Exported + (nint)found.Question);
            var ask = (delegate* unmanaged[Cdecl]<int, uint>)question;
            if (ask(2) >= FirstLevel)
                return true;
            var answer = Answer();
            if (found.Size < (ulong)answer.Length || !TryReplace(question, answer))
                return false;
            return ask(1) == FirstLevel && ask(2) == SecondLevel && ask(3) == ThirdLevel;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>x86-64: the size of the level in EDI, in EAX.</summary>
    internal static byte[] Answer()
    {
        byte[] Return(uint size)
        {
            byte[] code = [0xB8, 0, 0, 0, 0, 0xC3];                              // mov eax, size; ret
            BinaryPrimitives.WriteUInt32LittleEndian(code.AsSpan(1), size);
            return code;
        }

        return
        [
            0xF3, 0x0F, 0x1E, 0xFA,                                              // endbr64
            0x83, 0xFF, 0x02,                                                    // cmp edi, 2
            0x74, 0x08,                                                          // je second
            0x7F, 0x0C,                                                          // jg third
            .. Return(FirstLevel), .. Return(SecondLevel), .. Return(ThirdLevel),
        ];
    }

    private static bool TryReplace(byte* function, byte[] code)
    {
        var page = (nint)Environment.SystemPageSize;
        var first = (nint)function & ~(page - 1);
        var length = (nint)function + code.Length - first;
        if (Protect(first, length, Read | Write) != 0)
            return false;
        code.CopyTo(new Span<byte>(function, code.Length));
        return Protect(first, length, Read | Execute) == 0;
    }

    /// <summary>Addresses of both functions in the library's own count, and how many bytes the question has; null where the table lacks one.</summary>
    private static (ulong Exported, ulong Question, ulong Size)? Find(string library)
    {
        using var file = File.OpenHandle(library);
        byte[] Bytes(long offset, long length)
        {
            var bytes = new byte[checked((int)Math.Min(length, RandomAccess.GetLength(file) - offset))];
            for (var read = 0; read < bytes.Length;)
            {
                var more = RandomAccess.Read(file, bytes.AsSpan(read), offset + read);
                if (more == 0)
                    throw new EndOfStreamException();
                read += more;
            }

            return bytes;
        }

        var header = Bytes(0, ElfSection.FileHeaderSize);
        if (!ElfSection.IsElf(header))
            return null;
        var (offset, length) = ElfSection.Headers(header);
        var sections = ElfSection.ReadAll(Bytes(offset, length));
        foreach (var section in sections.Where(s => s.Type == SymbolTable && s.Link >= 0 && s.Link < sections.Length))
        {
            var symbols = Bytes(section.Offset, section.Size);
            var names = Bytes(sections[section.Link].Offset, sections[section.Link].Size);
            (ulong Value, ulong Size)? Symbol(string name)
            {
                var place = names.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{name}\0")) + 1;
                for (var at = 0; place > 0 && at + SymbolSize <= symbols.Length; at += SymbolSize)
                {
                    if (BinaryPrimitives.ReadInt32LittleEndian(symbols.AsSpan(at)) == place)
                        return (BinaryPrimitives.ReadUInt64LittleEndian(symbols.AsSpan(at + 8)), BinaryPrimitives.ReadUInt64LittleEndian(symbols.AsSpan(at + 16)));
                }

                return null;
            }

            if (Symbol(Exported) is { Value: > 0 } known && Symbol(Question) is { Value: > 0 } asked)
                return (known.Value, asked.Value, asked.Size);
        }

        return null;
    }

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Protect(nint start, nint length, int protection);
}
