namespace Mayu.Storage.Git;

/// <summary>The steps of the commit path, in their order: where tests let it fail or die.</summary>
internal enum CommitStep
{
    /// <summary>Nothing is written yet.</summary>
    Begin,

    /// <summary>Objects and records lie in the stage, flushed, under no name that counts.</summary>
    Staged,

    /// <summary>The objects are in the object database, flushed; nothing points to them.</summary>
    ObjectsDurable,

    /// <summary>The branch points to the commit, durably: the changes are in, whatever comes.</summary>
    Committed,

    /// <summary>Some records are in their folders, or gone from them.</summary>
    RecordMoved,

    /// <summary>All records are in their folders, or gone from them, durably.</summary>
    Finished,
}
