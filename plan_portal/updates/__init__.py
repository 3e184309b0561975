"""更新情報: what citizens are told of each published change, as a page and as an Atom feed."""
