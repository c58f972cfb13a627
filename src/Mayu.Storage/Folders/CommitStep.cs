namespace Mayu.Storage.Folders;

/// <summary>The steps of the commit path, in their order: where tests let it fail or die.</summary>
internal enum CommitStep
{
    /// <summary>Nothing is written yet.</summary>
    Begin,

    /// <summary>Records, and with a history objects, lie in the stage, flushed, under no name that counts.</summary>
    Staged,

    /// <summary>All that the batch needs is durable; only the one step that decides it is left.</summary>
    Prepared,

    /// <summary>The batch is decided, durably: the changes are in, whatever comes.</summary>
    Committed,

    /// <summary>Some records are in their folders, or gone from them.</summary>
    RecordMoved,

    /// <summary>All records are in their folders, or gone from them, durably.</summary>
    Finished,
}
