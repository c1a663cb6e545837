namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>The operations of pickle protocols 2 to 5 that plain values need. Source: Python's Lib/pickletools.py.</summary>
/// <remarks>What is not here is refused: text forms of protocol 0, INST and OBJ, the extension registry, buffers outside the file.</remarks>
internal enum PickleOpcode : byte
{
    Proto = 0x80,
    Frame = 0x95,
    Stop = (byte)'.',

    Mark = (byte)'(',
    Pop = (byte)'0',
    PopMark = (byte)'1',
    Dup = (byte)'2',

    None = (byte)'N',
    NewTrue = 0x88,
    NewFalse = 0x89,
    BinInt = (byte)'J',
    BinInt1 = (byte)'K',
    BinInt2 = (byte)'M',
    Long1 = 0x8a,
    Long4 = 0x8b,
    BinFloat = (byte)'G',

    BinUnicode = (byte)'X',
    ShortBinUnicode = 0x8c,
    BinUnicode8 = 0x8d,
    BinString = (byte)'T',
    ShortBinString = (byte)'U',
    BinBytes = (byte)'B',
    ShortBinBytes = (byte)'C',
    BinBytes8 = 0x8e,
    ByteArray8 = 0x96,

    EmptyList = (byte)']',
    Append = (byte)'a',
    Appends = (byte)'e',
    List = (byte)'l',
    EmptyTuple = (byte)')',
    Tuple = (byte)'t',
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    EmptyDict = (byte)'}',
    SetItem = (byte)'s',
    SetItems = (byte)'u',
    Dict = (byte)'d',
    EmptySet = 0x8f,
    AddItems = 0x90,
    FrozenSet = 0x91,

    BinPut = (byte)'q',
    LongBinPut = (byte)'r',
    BinGet = (byte)'h',
    LongBinGet = (byte)'j',
    Memoize = 0x94,

    Global = (byte)'c',
    StackGlobal = 0x93,
    Reduce = (byte)'R',
    NewObj = 0x81,
    NewObjEx = 0x92,
    Build = (byte)'b',
    BinPersId = (byte)'Q',
}
